/* KernelShark's header needs no more of json-c than this name; its package does not bring json-c. */
struct json_object;
