package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.DocumentApi.Create;
import dev.recall.api.DocumentApi.Delete;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Fence;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentApiTest {

  private static final long LARGEST = Long.MAX_VALUE;

  private static Put put(OptionalLong version, Optional<Fence> fence) {
    return new Put("session", "k", "{\"a\": \"€\"}", version, fence);
  }

  @Test
  void get_whenSent_isReadAsItWas() {
    Get get = new Get("session", "k \"€\" 😀");

    assertThat(Wire.of(Get.FORM, get).readAs(Get.FORM)).isEqualTo(get);
    assertThat(Wire.of(Get.FORM, new Get("session", "k")))
        .isEqualTo(new Wire("{\"namespace\":\"session\",\"key\":\"k\"}", Map.of()));
  }

  @Test
  void get_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Get.FORM, "{\"namespace\":1,\"key\":\"\",\"x\":1}").areIn("namespace", "key", "x");
    Faults.of(Get.FORM, "{}").areIn("namespace", "key");
  }

  static Stream<Put> puts() {
    return Stream.of(
        put(OptionalLong.empty(), Optional.empty()),
        put(OptionalLong.of(LARGEST), Optional.empty()),
        put(OptionalLong.empty(), Optional.of(new Fence("l €", LARGEST))),
        put(OptionalLong.of(0), Optional.of(new Fence("l", -1))));
  }

  @ParameterizedTest
  @MethodSource("puts")
  void put_whenSent_isReadAsItWas(Put put) {
    assertThat(Wire.of(Put.FORM, put).readAs(Put.FORM)).isEqualTo(put);
  }

  @Test
  void put_whenWritten_hasTheAgreedFields() {
    assertThat(
            Wire.of(
                Put.FORM,
                new Put("n", "k", "[1]", OptionalLong.of(7), Optional.of(new Fence("l", 3)))))
        .isEqualTo(
            new Wire(
                "{\"namespace\":\"n\",\"key\":\"k\",\"document\":\"[1]\",\"version\":7,"
                    + "\"lock\":\"l\",\"fence\":3}",
                Map.of()));
  }

  @Test
  void put_whenItIsForNoVersionAndUnderNoLock_doesNotSpeakOfThem() {
    assertThat(Wire.of(Put.FORM, new Put("n", "k", "[1]", OptionalLong.empty(), Optional.empty())))
        .isEqualTo(new Wire("{\"namespace\":\"n\",\"key\":\"k\",\"document\":\"[1]\"}", Map.of()));
  }

  @Test
  void put_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(
            Put.FORM,
            "{\"namespace\":null,\"key\":\"a\\nb\",\"document\":{},\"version\":\"7\","
                + "\"lock\":\"\",\"fence\":1.5,\"ttl\":1}")
        .areIn("namespace", "key", "document", "version", "lock", "fence", "ttl");
    Faults.of(Put.FORM, "{}").areIn("namespace", "key", "document");
  }

  @Test
  void put_whenItHasALockWithoutAFence_saysThatTheyGoTogether() {
    Faults.of(Put.FORM, "{\"namespace\":\"n\",\"key\":\"k\",\"document\":\"1\",\"lock\":\"l\"}")
        .areIn("fence");
  }

  @Test
  void put_whenItHasAFenceWithoutALock_saysThatTheyGoTogether() {
    Faults.of(Put.FORM, "{\"namespace\":\"n\",\"key\":\"k\",\"document\":\"1\",\"fence\":1}")
        .areIn("lock");
  }

  @Test
  void create_whenSent_isReadAsItWas() {
    Create create = new Create("session", "{\"a\": \"€\"}");

    assertThat(Wire.of(Create.FORM, create).readAs(Create.FORM)).isEqualTo(create);
    assertThat(Wire.of(Create.FORM, new Create("n", "1")))
        .isEqualTo(new Wire("{\"namespace\":\"n\",\"document\":\"1\"}", Map.of()));
  }

  @Test
  void create_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Create.FORM, "{\"document\":[],\"key\":\"k\"}").areIn("namespace", "document", "key");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE})
  void delete_whenSent_isReadAsItWas(long version) {
    Delete delete = new Delete("n", "k €", OptionalLong.of(version));

    assertThat(Wire.of(Delete.FORM, delete).readAs(Delete.FORM)).isEqualTo(delete);
    assertThat(Wire.of(Delete.FORM, new Delete("n", "k", OptionalLong.of(version))))
        .isEqualTo(
            new Wire("{\"namespace\":\"n\",\"key\":\"k\",\"version\":" + version + "}", Map.of()));
  }

  @Test
  void delete_whenItIsOfAnyVersion_isReadAsItWas() {
    Delete delete = new Delete("n", "k", OptionalLong.empty());

    assertThat(Wire.of(Delete.FORM, delete).readAs(Delete.FORM)).isEqualTo(delete);
  }

  @Test
  void delete_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Delete.FORM, "{\"version\":true,\"x\":1}").areIn("namespace", "key", "version", "x");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE})
  void rotate_whenSent_isReadAsItWas(long version) {
    Rotate rotate = new Rotate("n", "k €", OptionalLong.of(version));

    assertThat(Wire.of(Rotate.FORM, rotate).readAs(Rotate.FORM)).isEqualTo(rotate);
    assertThat(Wire.of(Rotate.FORM, new Rotate("n", "k", OptionalLong.of(version))))
        .isEqualTo(
            new Wire("{\"namespace\":\"n\",\"key\":\"k\",\"version\":" + version + "}", Map.of()));
  }

  @Test
  void rotate_whenItIsOfAnyVersion_isReadAsItWas() {
    Rotate rotate = new Rotate("n", "k", OptionalLong.empty());

    assertThat(Wire.of(Rotate.FORM, rotate).readAs(Rotate.FORM)).isEqualTo(rotate);
  }

  @Test
  void rotate_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Rotate.FORM, "{\"version\":[],\"new_key\":1}")
        .areIn("namespace", "key", "version", "new_key");
  }

  static Stream<ThrowingCallable> withoutAKeyName() {
    OptionalLong any = OptionalLong.empty();
    return Stream.of(
        () -> new Get("n", ""),
        () -> new Put("n", "", "1", any, Optional.empty()),
        () -> new Fence("", 1),
        () -> new Delete("n", "", any),
        () -> new Rotate("n", "", any));
  }

  @ParameterizedTest
  @MethodSource("withoutAKeyName")
  void new_whenTheKeyIsNoKeyName_isInvalid(ThrowingCallable making) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(making)
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void document_whenSent_isReadAsItWas() {
    Document document = new Document("{\"a\": \"€\"}", LARGEST);

    assertThat(Wire.of(Document.FORM, document).readAs(Document.FORM)).isEqualTo(document);
    assertThat(Wire.of(Document.FORM, new Document("1", 7)))
        .isEqualTo(new Wire("{\"document\":\"1\",\"version\":7}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stored_whenSent_isReadAsItWas(boolean created) {
    Stored stored = new Stored("n", "k", LARGEST, created);

    assertThat(Wire.of(Stored.FORM, stored))
        .isEqualTo(
            new Wire(
                "{\"namespace\":\"n\",\"key\":\"k\",\"version\":9223372036854775807,\"created\":"
                    + created
                    + "}",
                Map.of()));
    assertThat(Wire.of(Stored.FORM, stored).readAs(Stored.FORM)).isEqualTo(stored);
  }

  @Test
  void answers_whenALaterVersionSaysMore_areRead() {
    assertThat(
            Wire.read(Document.FORM, "{\"document\":\"1\",\"version\":7,\"later\":true}", Map.of()))
        .isEqualTo(new Document("1", 7));
  }

  @Test
  void services_areServedUnderTheirNames() {
    assertThat(DocumentApi.GET.cluster().name()).isEqualTo("recall.v1.state.get");
    assertThat(DocumentApi.PUT.cluster().name()).isEqualTo("recall.v1.state.put");
    assertThat(DocumentApi.CREATE.cluster().name()).isEqualTo("recall.v1.state.create");
    assertThat(DocumentApi.DELETE.cluster().name()).isEqualTo("recall.v1.state.delete");
    assertThat(DocumentApi.ROTATE.cluster().name()).isEqualTo("recall.v1.state.rotate");
  }
}
