package dev.pgmap.trace.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts scripts, styles and figures into the one page.
 *
 * <p>Nothing of a recording is ever markup: the title is escaped, in the figures no character is
 * left that HTML knows, and the page's script makes elements of texts only. Besides, the page's own
 * policy lets the browser run no script but those two, by their hash, and load nothing.
 */
final class HtmlPage {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)\\}\\}");
  private static final JsonMapper MAPPER = mapper();

  private HtmlPage() {}

  static String of(String title, JsonNode figures) {
    String chart = resource("uPlot.iife.min.js");
    String script = resource("report.js");
    Map<String, String> parts =
        Map.of(
            "title", escaped(title),
            "hashes", hash(chart) + " " + hash(script),
            "chartLicence", resource("uPlot-LICENSE.txt"),
            "chartStyle", resource("uPlot.min.css"),
            "style", resource("report.css"),
            "figures", json(figures),
            "chart", chart,
            "script", script);
    return PLACE
        .matcher(resource("report.html"))
        .replaceAll(
            place -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(place.group(1)))));
  }

  private static JsonMapper mapper() {
    JsonMapper mapper = new JsonMapper();
    mapper.getFactory().setCharacterEscapes(new NoMarkup());
    return mapper;
  }

  private static String json(JsonNode figures) {
    try {
      return MAPPER.writeValueAsString(figures);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures that JSON cannot have", e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Escapes what HTML knows inside of JSON's texts: no text can end the script element. */
  private static final class NoMarkup extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private final int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();

    NoMarkup() {
      for (char c : new char[] {'<', '>', '&', '\''}) {
        escapes[c] = CharacterEscapes.ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
      return new SerializedString("\\u%04x".formatted(c));
    }
  }
}
