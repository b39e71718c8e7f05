package dev.recall.testing;

import java.net.http.HttpResponse;

/** Who reads and writes one document over HTTP. */
public record DocumentCaller(Node node, String path) {

  public HttpResponse<String> get() {
    return node.get(path);
  }

  public HttpResponse<String> create(String document) {
    return put(document, "If-None-Match", "*");
  }

  public HttpResponse<String> replace(long version, String document, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "If-Match";
    all[1] = "\"" + version + "\"";
    return put(document, all);
  }

  public HttpResponse<String> put(String document, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/json";
    return node.send("PUT", path, document, all);
  }

  public HttpResponse<String> delete(String... headers) {
    return node.send("DELETE", path, "", headers);
  }

  public HttpResponse<String> rotate(String... headers) {
    return node.send("POST", path + "/rotate", "", headers);
  }

  /** The version in the ETag of an answer. */
  public static long version(HttpResponse<String> answer) {
    return Long.parseLong(answer.headers().firstValue("etag").orElseThrow().replace("\"", ""));
  }
}
