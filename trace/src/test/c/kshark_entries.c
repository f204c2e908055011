/*
 * Loads a trace.dat with KernelShark's library as its GUI does, and prints one line per entry:
 * name of the event, cpu, pid, time, task, and its text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "libkshark.h"

int main(int argc, char **argv)
{
	struct kshark_context *context = NULL;
	struct kshark_entry **entries = NULL;
	ssize_t count;
	int stream;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	if (!kshark_instance(&context))
		return 1;
	stream = kshark_open(context, argv[1]);
	if (stream < 0) {
		fprintf(stderr, "%s: cannot be opened\n", argv[1]);
		return 1;
	}
	count = kshark_load_entries(context, stream, &entries);
	if (count < 0) {
		fprintf(stderr, "%s: cannot be loaded\n", argv[1]);
		return 1;
	}
	for (ssize_t i = 0; i < count; i++) {
		char *event = kshark_get_event_name(entries[i]);
		char *task = kshark_get_task(entries[i]);
		char *info = kshark_get_info(entries[i]);

		printf("%s %d %d %" PRId64 " %s %s\n", event, entries[i]->cpu, entries[i]->pid,
		       entries[i]->ts, task, info ? info : "");
		free(event);
		free(task);
		free(info);
	}
	kshark_close_all(context);
	kshark_free(context);
	return 0;
}
