package dev.recall.form;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Whether a text is JSON (RFC 8259), without reading what it says. */
public final class JsonText {

  /** As deep as any JSON reader goes; digits and names may be as many as there are. */
  private static final int MAX_DEPTH = 1000;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /**
   * Checks a text.
   *
   * @param field what the caller calls it
   * @throws FailureException {@link Failure#MALFORMED}, with the place, where it is not one value;
   *     {@link Failure#INVALID} where it is nested deeper than 1000
   */
  public static void require(String field, String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      boolean hasValue = parser.nextToken() != null;
      parser.skipChildren();
      if (!hasValue || parser.nextToken() != null) {
        throw malformed(field, parser.currentLocation());
      }
    } catch (StreamConstraintsException tooDeep) {
      throw Failure.INVALID.because(field + " must not be nested deeper than " + MAX_DEPTH);
    } catch (JsonProcessingException notJson) {
      throw malformed(field, notJson.getLocation());
    } catch (IOException impossible) {
      throw new UncheckedIOException("a string was read", impossible);
    }
  }

  private static FailureException malformed(String field, JsonLocation place) {
    return Failure.MALFORMED.because(
        "%s is not JSON, at line: %d, column: %d"
            .formatted(field, place.getLineNr(), place.getColumnNr()));
  }
}
