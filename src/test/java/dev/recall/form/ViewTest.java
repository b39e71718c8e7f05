package dev.recall.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewTest {

  private static final View<String> VIEW = new View<>(List.of(Field.text("text").of(text -> text)));

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain ~", "a \"b\" \\ c", "tab\t", "\u0000", "\u007f", "é😀", "</script>"})
  void encode_ofWhateverText_isWhatTheEncoderMakesOfIt(String text) {
    assertThat(VIEW.encode(text)).isEqualTo(new JsonObject().put("text", text).encode());
  }
}
