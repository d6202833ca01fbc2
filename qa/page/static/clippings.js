// Clippings: quotes that a person saved, each with a note, kept in this browser and nowhere else.
// Where the browser keeps nothing, they last as long as the page, and what is wrong is said.
"use strict";

window.citadelClippings = (() => {
  const KEPT = "citadel-clippings";
  const ASIDE = "citadel-clippings-unread-"; // what could not be read, as it was
  const chats = window.citadelChats;
  let unkept = []; // changes that the browser did not keep, in order: each makes a list of a list
  let trouble = ""; // "full" or "denied", while there are such

  const TEXTS = [
    "quote", "href", "language", "title", "author", "publisher", "date", "published", "url", "place",
    "source", "told", "index", "note", "saved",
  ];

  function isClipping(value) {
    return (
      TEXTS.every((name) => typeof value?.[name] === "string") &&
      Number.isInteger(value.start) &&
      Number.isInteger(value.end) &&
      value.href.startsWith("#") &&
      typeof value.references?.plain === "string" &&
      Object.values(value.references).every((text) => typeof text === "string")
    );
  }

  const same = (one, other) => one.href === other.href && one.quote === other.quote;

  /** Return the clippings that are kept, and the whole entry where some of it can't be read. */
  function read() {
    let text;
    try {
      text = localStorage.getItem(KEPT);
    } catch (error) {
      console.warn("The browser keeps no clippings:", error);
      return { clippings: [], unread: null };
    }
    if (text === null) return { clippings: [], unread: null };
    try {
      const values = JSON.parse(text);
      const clippings = values.filter(isClipping);
      return { clippings, unread: clippings.length < values.length ? text : null };
    } catch (error) {
      console.warn("The clippings can't be read:", error);
      return { clippings: [], unread: text };
    }
  }

  const changed = (clippings) => unkept.reduce((before, change) => change(before), clippings);

  function make(change, { forgetUnread = false } = {}) {
    unkept.push(change);
    const { clippings, unread } = read();
    try {
      if (unread !== null && !forgetUnread) chats.write(`${ASIDE}${Date.now()}`, unread);
      chats.write(KEPT, JSON.stringify(changed(clippings)));
      if (forgetUnread) asideKeys().forEach((key) => localStorage.removeItem(key));
      unkept = [];
      trouble = "";
    } catch (error) {
      console.warn("The browser did not keep a clipping:", error);
      trouble = error.name === "QuotaExceededError" ? "full" : "denied";
    }
  }

  function asideKeys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(ASIDE));
    } catch {
      return [];
    }
  }

  /** Return what could not be read, as it is kept; "" where there is nothing like that. */
  function unread() {
    const now = read().unread;
    const before = asideKeys().map((key) => localStorage.getItem(key));
    return [...before, ...(now === null ? [] : [now])].join("\n");
  }

  return {
    add: (clipping) =>
      make((all) => (all.some((each) => same(each, clipping)) ? all : [...all, clipping])),
    all: () => changed(read().clippings),
    clear: () => make(() => [], { forgetUnread: true }),
    has: (clipping) => changed(read().clippings).some((each) => same(each, clipping)),
    note: (clipping, note) =>
      make((all) => all.map((each) => (same(each, clipping) ? { ...each, note } : each))),
    remove: (clipping) => make((all) => all.filter((each) => !same(each, clipping))),
    isKept: (key) => key === null || key === KEPT || key.startsWith(ASIDE),
    trouble: () => trouble,
    unread,
  };
})();
