package dev.recall.bus;

import dev.recall.form.Form;

/**
 * Events of one kind, for everybody in the cluster who wants to hear of them; nobody answers.
 *
 * @param name unique on the bus, of topics and services together
 * @param form how an event is carried; a later version may say more
 */
public record Topic<E>(String name, Form<E> form) {}
