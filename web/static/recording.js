// The appeal's recordings: play and seek on the waveform, choose a passage, follow
// the transcript, and take a passage of sound or text over into the form. The page
// works without it: the browser's own player, typed times, quoted words.
"use strict";
(() => {
  const clock = (seconds) => {
    const s = Math.max(0, Math.round(seconds * 10) / 10);
    const whole = Math.floor(s);
    const h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60;
    const two = (n) => String(n).padStart(2, "0");
    const tenth = Math.round((s - whole) * 10);
    return (h ? h + ":" + two(m) : String(m)) + ":" + two(whole % 60) + (tenth ? "." + tenth : "");
  };
  const short = (seconds) => clock(Math.floor(seconds));

  // The form, and a passage put into it.
  const form = () => document.querySelector("form[data-write]");
  function choose(file, from, to, wording) {
    const f = form();
    if (!f) return;
    f.elements.file.value = file;
    f.elements.from.value = from === null ? "" : clock(from);
    f.elements.to.value = to === null ? "" : clock(to);
    if (wording !== undefined) f.elements.wording.value = wording;
  }

  const players = new Map();

  function bind(box) {
    if (box.dataset.bound) return;
    box.dataset.bound = "yes";
    const audio = box.querySelector("audio");
    const wave = box.querySelector(".rec-wave");
    const bar = box.querySelector(".rec-bar");
    const part = (name) => bar.querySelector(`[data-do="${name}"]`);
    const length = () => (Number.isFinite(audio.duration) && audio.duration > 0 ? audio.duration : Number(box.dataset.length));
    const columns = wave ? Number(wave.dataset.columns) : 0;
    let from = null, to = null, until = null;

    const seek = (t) => {
      audio.currentTime = Math.min(Math.max(t, 0), Math.max(length() - 0.05, 0));
      show();
    };
    const toggle = () => (audio.paused ? audio.play() : audio.pause());

    function show() {
      const at = audio.currentTime, all = length();
      bar.querySelector("[data-now]").textContent = short(at);
      if (wave && all > 0) {
        const x = (at / all) * columns;
        wave.querySelector("[data-played]").setAttribute("width", x);
        wave.querySelector("[data-head]").setAttribute("x1", x);
        wave.querySelector("[data-head]").setAttribute("x2", x);
      }
      if (wave) {
        wave.setAttribute("aria-valuenow", Math.round(at));
        wave.setAttribute("aria-valuetext", short(at));
      }
      box.querySelectorAll(".lines li").forEach((li) => {
        const end = li.dataset.to === "" ? Infinity : Number(li.dataset.to);
        li.toggleAttribute("data-current", !audio.paused && at >= Number(li.dataset.from) && at < end);
      });
    }

    function showSpan() {
      part("span").hidden = from === null;
      if (!wave) return;
      const all = length(), end = to === null ? all : to;
      const rect = wave.querySelector("[data-span]");
      rect.setAttribute("x", from === null ? 0 : (from / all) * columns);
      rect.setAttribute("width", from === null ? 0 : Math.max(((end - from) / all) * columns, 1));
    }

    function span(a, b) {
      from = a;
      to = b === null || b <= a ? null : b;
      showSpan();
      choose(box.dataset.recording, from, to);
    }

    function playSpan() {
      until = to;
      seek(from);
      audio.play();
    }

    audio.addEventListener("timeupdate", () => {
      if (until !== null && audio.currentTime >= until) {
        until = null;
        audio.pause();
      }
      show();
    });
    audio.addEventListener("loadedmetadata", () => { show(); showSpan(); });
    const button = part("play");
    audio.addEventListener("play", () => {
      button.textContent = button.dataset.pause;
      players.forEach((p) => { if (p.audio !== audio) p.audio.pause(); });
      follow();
    });
    audio.addEventListener("pause", () => {
      button.textContent = button.dataset.play;
      until = null;
      show();
    });
    // Between the browser's own ticks the head would jump.
    function follow() {
      show();
      if (!audio.paused) requestAnimationFrame(follow);
    }

    button.addEventListener("click", toggle);
    part("back").addEventListener("click", () => seek(audio.currentTime - 5));
    part("on").addEventListener("click", () => seek(audio.currentTime + 5));
    part("from").addEventListener("click", () => span(audio.currentTime, to));
    part("to").addEventListener("click", () => span(from === null ? 0 : from, audio.currentTime));
    part("span").addEventListener("click", playSpan);
    const speeds = [1, 0.75, 0.5, 1.25, 1.5];
    part("speed").addEventListener("click", (event) => {
      const next = speeds[(speeds.indexOf(audio.playbackRate) + 1) % speeds.length];
      audio.playbackRate = next;
      event.target.textContent = next + "×";
    });

    if (wave) bindWave();
    function bindWave() {
      wave.setAttribute("role", "slider");
      wave.setAttribute("tabindex", "0");
      wave.setAttribute("aria-valuemin", "0");
      wave.setAttribute("aria-valuemax", Math.round(length()) || 0);
      wave.setAttribute("data-live-wave", "");
      const at = (event) => {
        const r = wave.getBoundingClientRect();
        return (Math.min(Math.max(event.clientX - r.left, 0), r.width) / r.width) * length();
      };
      let start = null;
      wave.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        start = { t: at(event), x: event.clientX };
        wave.setPointerCapture(event.pointerId);
      });
      wave.addEventListener("pointermove", (event) => {
        if (!start || Math.abs(event.clientX - start.x) < 6) return;
        const t = at(event);
        span(Math.min(start.t, t), Math.max(start.t, t));
      });
      wave.addEventListener("pointerup", (event) => {
        if (!start) return;
        if (Math.abs(event.clientX - start.x) < 6) seek(start.t);
        else seek(from);
        start = null;
      });
      wave.addEventListener("pointercancel", () => { start = null; });
      wave.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const step = event.shiftKey ? 1 : 5;
        const keys = {
          ArrowLeft: () => seek(audio.currentTime - step),
          ArrowRight: () => seek(audio.currentTime + step),
          Home: () => seek(0),
          End: () => seek(length()),
          " ": toggle,
          "[": () => span(audio.currentTime, to),
          "]": () => span(from === null ? 0 : from, audio.currentTime),
          Enter: () => { if (from !== null) playSpan(); },
        };
        if (keys[event.key]) {
          event.preventDefault();
          keys[event.key]();
        }
      });
    }

    box.querySelectorAll(".lines li").forEach((li) => {
      li.querySelector(".line-time").addEventListener("click", (event) => {
        event.preventDefault();
        const a = Number(li.dataset.from), b = li.dataset.to === "" ? null : Number(li.dataset.to);
        span(a, b);
        choose(box.dataset.recording, a, b, li.querySelector(".line-text").textContent.trim());
        playSpan();
      });
    });

    audio.removeAttribute("controls");
    audio.hidden = true;
    bar.hidden = false;
    players.set(box.dataset.recording, { audio, span, playSpan });
    show();
  }

  // Times elsewhere on the page play their passage.
  function bindSeek(link) {
    link.addEventListener("click", (event) => {
      const p = players.get(link.dataset.seek);
      if (!p) return;
      event.preventDefault();
      p.span(Number(link.dataset.from || 0), link.dataset.to ? Number(link.dataset.to) : null);
      p.playSpan();
    });
  }

  // Words that are selected in a text are taken over.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.anchorNode) return;
    const of = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    const block = of(selection.anchorNode).closest("[data-text], [data-line]");
    if (!block || !block.contains(of(selection.focusNode))) return;
    const words = selection.toString().trim();
    if (!words) return;
    if (block.dataset.text) {
      choose(block.dataset.text, null, null, words);
    } else {
      const li = block.closest("li");
      choose(block.dataset.line, Number(li.dataset.from), li.dataset.to === "" ? null : Number(li.dataset.to), words);
    }
  });

  // A name or a place that was typed brings its choices when the field is left; what
  // had the focus has it again afterwards.
  let focused = "";
  document.addEventListener("focusin", (event) => {
    if (event.target.closest("form[data-write]")) focused = event.target.id;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-refresh]")) event.target.form.requestSubmit(event.target.form.querySelector("[data-refine]"));
  });

  function start(root) {
    document.documentElement.setAttribute("data-scripted", "");
    root.querySelectorAll("[data-recording]").forEach(bind);
    root.querySelectorAll("[data-seek]").forEach(bindSeek);
  }
  document.addEventListener("homeward:start", (event) => {
    if (event.detail === document) return;
    start(event.detail);
    const again = focused && document.getElementById(focused);
    if (again && event.detail.contains(again) && document.activeElement === document.body) {
      again.focus();
      if (again.type === "text") again.setSelectionRange(again.value.length, again.value.length);
    }
  });
  start(document);
})();
