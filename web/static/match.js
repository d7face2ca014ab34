// Keys for the queue of pairs. A letter only chooses; Enter in the reason decides.
// They can be switched off, and are where one types or holds a modifier.
"use strict";
(() => {
  const list = document.querySelector("[data-pairs]");
  if (!list) return;
  const rows = [...list.querySelectorAll("[data-pair]")];
  const say = document.querySelector("[data-say]");
  const help = document.querySelector("[data-keys-help]");
  const on = document.querySelector("[data-keys]");
  const remembered = "hw-match-keys";
  let at = -1;

  try {
    on.checked = localStorage.getItem(remembered) !== "off";
  } catch { /* a browser that remembers nothing: they are on */ }
  on.addEventListener("change", () => {
    try {
      localStorage.setItem(remembered, on.checked ? "on" : "off");
    } catch { /* the same */ }
  });

  function go(to) {
    if (rows.length === 0) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((r, i) => r.toggleAttribute("data-current", i === at));
    rows[at].focus();
    rows[at].scrollIntoView({ block: "nearest" });
  }

  // choose prepares a decision: the cursor stands in the reason, and Enter decides.
  function choose(key) {
    if (at < 0) go(0);
    const row = rows[at];
    const button = row.querySelector(`[data-verdict="${key}"]`);
    leave(row);
    button.setAttribute("aria-pressed", "true");
    const note = row.querySelector("[data-chosen]");
    note.hidden = false;
    note.querySelector("b").textContent = button.textContent;
    row.querySelector("[data-why]").focus();
    say.textContent = note.textContent;
  }

  function leave(row) {
    row.querySelectorAll("[data-verdict]").forEach((b) => b.removeAttribute("aria-pressed"));
    row.querySelector("[data-chosen]").hidden = true;
  }

  function showHelp() {
    help.open = true;
    help.querySelector("summary").focus();
  }

  rows.forEach((row, i) => {
    row.addEventListener("focusin", () => {
      at = i;
      rows.forEach((r) => r.toggleAttribute("data-current", r === row));
    });
    row.querySelector("[data-why]").addEventListener("keydown", (event) => {
      const chosen = row.querySelector('[aria-pressed="true"]');
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        if (chosen) chosen.click();
      } else if (event.key === "Escape" && chosen) {
        leave(row);
        go(i);
      }
    });
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    // The place of a key counts, not its letter: Russian and Arabic keyboards have others.
    const act = event.key === "?" || event.shiftKey && event.code === "Slash" ? showHelp : !event.shiftKey && {
      KeyJ: () => go(at + 1),
      KeyK: () => go(at - 1),
      KeyS: () => choose("s"),
      KeyN: () => choose("n"),
      KeyC: () => choose("c"),
      KeyO: () => at >= 0 && rows[at].querySelector("[data-open]").click(),
      KeyU: () => document.querySelector("[data-undo]")?.click(),
    }[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
