// What the scripts say, in the language of the page: its catalogue comes in the head, and what it
// lacks stays English. The numbers of its plurals are told by the browser.
"use strict";

window.citadelSpeech = (() => {
  const { digits, language, rightToLeft, words } = window.citadelWords;
  const rules = new Intl.PluralRules(language);
  const SIX = ["zero", "one", "two", "few", "many", "other"]; // in the order of gettext's forms

  const number = (value) => [...String(value)].map((digit) => digits[digit] ?? digit).join("");

  function filled(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? number(value) : value;
    });
  }

  /** Return a sentence of the catalogue with its values: say("{at} of {count}", { at, count }). */
  const say = (pattern, values = {}) => filled(words[pattern] || pattern, values);

  /** Return a sentence about a number, which stands in it as {count}. */
  function counted(singular, plural, value, values = {}) {
    const forms = words[singular] ?? [singular, plural];
    const rule = rules.select(value);
    const form = forms.length === SIX.length ? SIX.indexOf(rule) : rule === "one" ? 0 : 1;
    return filled(forms[form], { count: value, ...values });
  }

  /**
   * Return what the server said in English in the language of the page: it is taken apart by the
   * sentence that it was made from. What was made from none of the catalogue stays as it is.
   */
  function again(said) {
    for (const pattern of Object.keys(words)) {
      if (typeof words[pattern] !== "string" || !words[pattern]) continue;
      const names = [];
      const parts = pattern.split(/\{(\w+)\}/).map((part, place) => {
        if (place % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
        names.push(part);
        return "([^]+?)";
      });
      const found = new RegExp(`^${parts.join("")}$`).exec(said);
      // A sentence of values alone would be any.
      if (found && /[a-z]{3}/.test(parts.join(" "))) {
        const value = (text) => (/^\d+$/.test(text) ? Number(text) : text);
        return say(pattern, Object.fromEntries(names.map((name, at) => [name, value(found[at + 1])])));
      }
    }
    return said;
  }

  /** Return which way a language of the page runs. */
  const directionOf = (tag) => (rightToLeft.includes(tag.split("-")[0]) ? "rtl" : "ltr");

  /** Gradio puts the language of the browser there, and the person may have chosen another one. */
  function nameLanguage() {
    const root = document.documentElement;
    if (root.lang !== language) root.lang = language;
    if (root.dir !== directionOf(language)) root.dir = directionOf(language);
  }

  nameLanguage();
  new MutationObserver(nameLanguage).observe(document.documentElement, {
    attributeFilter: ["lang", "dir"],
  });

  /** Return the name of a language, by its code. */
  function languageName(code) {
    try {
      return new Intl.DisplayNames([language], { type: "language" }).of(code) ?? code;
    } catch {
      return code;
    }
  }

  return { again, counted, directionOf, language, languageName, number, say };
})();
