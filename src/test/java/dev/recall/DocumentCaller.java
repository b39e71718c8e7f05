package dev.recall;

import java.net.http.HttpResponse;

/** Who reads and writes one document over HTTP. */
record DocumentCaller(Node node, String path) {

  HttpResponse<String> get() {
    return node.get(path);
  }

  HttpResponse<String> create(String document) {
    return put(document, "If-None-Match", "*");
  }

  HttpResponse<String> replace(long version, String document, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "If-Match";
    all[1] = "\"" + version + "\"";
    return put(document, all);
  }

  HttpResponse<String> put(String document, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/json";
    return node.send("PUT", path, document, all);
  }

  HttpResponse<String> delete(String... headers) {
    return node.send("DELETE", path, "", headers);
  }

  HttpResponse<String> rotate(String... headers) {
    return node.send("POST", path + "/rotate", "", headers);
  }

  /** The version in the ETag of an answer. */
  static long version(HttpResponse<String> answer) {
    return Long.parseLong(answer.headers().firstValue("etag").orElseThrow().replace("\"", ""));
  }
}
