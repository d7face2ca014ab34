// The reading desk works without this: marks and suggestions are links to each other.
// With it, a mark opens the form of its suggestion without a new page, and the two are
// shown together.
"use strict";
(() => {
  const desk = document.querySelector("[data-reading]");
  if (!desk) return;
  const mark = (n) => desk.querySelector(`.mark-of[data-of="${n}"]`);
  const suggestion = (n) => desk.querySelector(`.suggestion[data-of="${n}"]`);

  function here(n) {
    desk.querySelectorAll(".is-here").forEach((e) => e.classList.remove("is-here"));
    [mark(n), suggestion(n)].forEach((e) => e && e.classList.add("is-here"));
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  desk.addEventListener("click", (event) => {
    const from = event.target.closest(".mark-of");
    if (!from) return;
    const to = suggestion(from.dataset.of);
    if (!to) return;
    event.preventDefault();
    here(from.dataset.of);
    const form = to.querySelector("details");
    if (form) form.open = true;
    to.scrollIntoView({ behavior: calm, block: "start" });
    const first = to.querySelector("summary, a, button");
    if (first) first.focus({ preventScroll: true });
  });
  desk.addEventListener("focusin", (event) => {
    const at = event.target.closest(".suggestion");
    if (!at || at.classList.contains("is-here")) return;
    here(at.dataset.of);
    const m = mark(at.dataset.of);
    const text = m && m.closest(".reading-text");
    if (text && text.scrollHeight > text.clientHeight) text.scrollTop = m.offsetTop - text.clientHeight / 3;
  });
  const at = location.hash.match(/^#s-(\d+)$/);
  if (at) here(at[1]);
})();
