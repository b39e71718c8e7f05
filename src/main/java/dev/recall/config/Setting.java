package dev.recall.config;

/** The text of a setting and where it came from, for the fault that names it. */
public record Setting(String text, String origin) {}
