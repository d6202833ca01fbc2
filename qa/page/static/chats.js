// Conversations, kept in this browser: the one of this tab across reloads, earlier ones in a list.
// Each has its own entry in the local storage, so that two tabs don't overwrite each other.
"use strict";

window.citadelChats = (() => {
  const PREFIX = "citadel-chat-";
  const OF_THIS_TAB = "citadel-chat";
  const MOST_CHATS = 20;
  const MOST_TURNS = 50;

  /** Run what uses a storage; where the browser allows none, the page works without. */
  function attempt(work, otherwise) {
    try {
      return work();
    } catch (error) {
      console.warn("The browser does not keep the conversation:", error);
      return otherwise;
    }
  }

  function current() {
    return attempt(() => {
      const id = sessionStorage.getItem(OF_THIS_TAB) ?? `${PREFIX}${Date.now()}`;
      sessionStorage.setItem(OF_THIS_TAB, id);
      return id;
    }, PREFIX);
  }

  /** Return the keys of all conversations, the newest first. */
  function keys() {
    return attempt(
      () =>
        Object.keys(localStorage)
          .filter((key) => key.startsWith(PREFIX))
          .sort()
          .reverse(),
      [],
    );
  }

  function load(key) {
    return attempt(() => JSON.parse(localStorage.getItem(key) ?? "[]"), []);
  }

  function keep(turns) {
    if (turns.length === 0) return;
    const text = JSON.stringify(turns.slice(-MOST_TURNS));
    const old = keys().filter((key) => key !== current());
    old.splice(MOST_CHATS - 1).forEach((key) => localStorage.removeItem(key));
    attempt(() => write(current(), text));
  }

  /** Write an entry of the local storage; while that is full, the oldest conversation goes. */
  function write(name, text) {
    const old = keys().filter((key) => key !== current());
    while (true) {
      try {
        localStorage.setItem(name, text);
        return;
      } catch (error) {
        if (old.length === 0) throw error;
        localStorage.removeItem(old.pop());
      }
    }
  }

  /** Return the earlier conversations: { key, question, turns }, the newest first. */
  function earlier() {
    return keys()
      .filter((key) => key !== current())
      .map((key) => ({ key, turns: load(key) }))
      .filter(({ turns }) => turns.length > 0)
      .map(({ key, turns }) => ({ key, question: turns[0].question, turns: turns.length }));
  }

  function open(key) {
    attempt(() => sessionStorage.setItem(OF_THIS_TAB, key));
  }

  function startAnew() {
    open(`${PREFIX}${Date.now()}`);
  }

  function clear() {
    keys().forEach((key) => attempt(() => localStorage.removeItem(key)));
    startAnew();
  }

  return { clear, earlier, keep, load: () => load(current()), open, startAnew, write };
})();
