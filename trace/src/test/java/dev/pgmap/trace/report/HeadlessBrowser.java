package dev.pgmap.trace.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.trace.testing.RealTool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Chromium without a window, driven through its devtools protocol. It notes errors of scripts, what
 * the page's policy refused, and what was requested. For one thread.
 */
final class HeadlessBrowser implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 120;
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private final List<String> errors = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int nextId = 1;

  /**
   * Starts it; where it is not installed, the test ends here as {@link RealTool} says.
   *
   * @param profile an empty directory
   */
  HeadlessBrowser(Path profile) throws IOException, InterruptedException {
    RealTool tool = RealTool.named("chromium", "chromium");
    process =
        new ProcessBuilder(
                tool.program(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("browser.log").toFile())
            .start();
    socket = connect(port(profile));
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", JSON.createObjectNode());
    }
  }

  private int port(Path profile) throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < TIMEOUT_SECONDS * 10; i++) {
      if (Files.exists(file) && Files.size(file) > 0) {
        return Integer.parseInt(Files.readAllLines(file).getFirst());
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(
        "chromium does not start: " + Files.readString(profile.resolve("browser.log")));
  }

  private WebSocket connect(int port) throws IOException, InterruptedException {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/json/list".formatted(port))).build();
    JsonNode targets = JSON.readTree(http.send(list, HttpResponse.BodyHandlers.ofString()).body());
    for (JsonNode target : targets) {
      if (target.path("type").asText().equals("page")) {
        URI uri = URI.create(target.path("webSocketDebuggerUrl").asText());
        return http.newWebSocketBuilder().buildAsync(uri, new Receiver(messages)).join();
      }
    }
    throw new AssertionError("chromium shows no page: " + targets);
  }

  /** How large the page is shown. */
  void resize(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** Opens a file, and waits until it is loaded. */
  void open(Path file) {
    call("Page.navigate", JSON.createObjectNode().put("url", file.toUri().toString()));
    while (!receive().path("method").asText().equals("Page.loadEventFired")) {
      // Its events are noted as they come.
    }
  }

  /** The value of an expression, which must not throw. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            JSON.createObjectNode().put("expression", expression).put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Presses a key where the focus is. */
  void press(String key) {
    for (String type : List.of("keyDown", "keyUp")) {
      call("Input.dispatchKeyEvent", JSON.createObjectNode().put("type", type).put("key", key));
    }
  }

  /** Errors of scripts and refusals so far. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  /** Forgets errors that a test wanted. */
  void forgetErrors() {
    errors.clear();
  }

  /** Addresses that were requested so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private JsonNode call(String method, ObjectNode parameters) {
    int id = nextId++;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).join();
    while (true) {
      JsonNode answer = receive();
      if (answer.path("id").asInt() == id) {
        if (answer.has("error")) {
          throw new AssertionError(method + ": " + answer.path("error"));
        }
        return answer.path("result");
      }
    }
  }

  private JsonNode receive() {
    try {
      String text = messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("chromium said nothing for %d s".formatted(TIMEOUT_SECONDS));
      }
      JsonNode message = JSON.readTree(text);
      note(message.path("method").asText(), message.path("params"));
      return message;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void note(String event, JsonNode parameters) {
    switch (event) {
      case "Runtime.exceptionThrown" -> errors.add(parameters.path("exceptionDetails").toString());
      case "Log.entryAdded" -> {
        if (parameters.at("/entry/level").asText().equals("error")) {
          errors.add(parameters.at("/entry/text").asText());
        }
      }
      case "Network.requestWillBeSent" -> requests.add(parameters.at("/request/url").asText());
      default -> {
        // Not of interest.
      }
    }
  }

  /** Ends it and all of its processes, so that none writes to the profile any more. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    call("Browser.close", JSON.createObjectNode());
    all.forEach(one -> one.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join());
    socket.abort();
    http.shutdownNow();
  }

  /** Puts the parts of each message together. */
  private static final class Receiver implements WebSocket.Listener {
    private final BlockingQueue<String> messages;
    private final StringBuilder text = new StringBuilder();

    Receiver(BlockingQueue<String> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
