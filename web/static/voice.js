// Records a voice message into the form's own file field, so that what is recorded
// is sent like any other file. Nothing is stored in the browser.
"use strict";
(() => {
  const box = document.querySelector("[data-recorder]");
  const input = box && document.getElementById(box.dataset.recorder);
  const able = window.MediaRecorder && navigator.mediaDevices && window.DataTransfer;
  if (!input || !able) return;
  const part = (name) => box.querySelector("[data-" + name + "]");
  const show = (name, yes) => { part(name).hidden = !yes; };
  const kinds = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
  const kind = kinds.find((k) => MediaRecorder.isTypeSupported(k)) || "";
  const endings = { "audio/ogg": ".ogg", "audio/webm": ".webm", "audio/mp4": ".m4a" };

  let recorder = null;
  let chunks = [];
  let timer = 0;
  let address = "";

  function clear() {
    if (address) URL.revokeObjectURL(address);
    address = "";
    part("listen").removeAttribute("src");
    input.value = "";
    ["listen", "ready", "discard"].forEach((name) => show(name, false));
  }

  function tick(began) {
    const s = Math.floor((Date.now() - began) / 1000);
    part("clock").textContent = Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
  }

  async function record() {
    clear();
    show("refused", false);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      show("refused", true);
      return;
    }
    chunks = [];
    recorder = new MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: 24000 } : {});
    recorder.addEventListener("dataavailable", (e) => chunks.push(e.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((t) => t.stop());
      keep(recorder.mimeType);
    });
    recorder.start(1000);
    const began = Date.now();
    tick(began);
    timer = setInterval(tick, 250, began);
    show("record", false);
    show("stop", true);
    show("running", true);
    part("stop").focus();
  }

  function keep(type) {
    clearInterval(timer);
    const plain = (type || kind).split(";")[0];
    const blob = new Blob(chunks, { type: plain });
    chunks = [];
    const files = new DataTransfer();
    files.items.add(new File([blob], "voice" + (endings[plain] || ""), { type: plain }));
    input.files = files.files;
    address = URL.createObjectURL(blob);
    part("listen").src = address;
    ["listen", "ready", "discard", "record"].forEach((name) => show(name, true));
    show("stop", false);
    show("running", false);
    part("record").focus();
  }

  part("record").addEventListener("click", record);
  part("stop").addEventListener("click", () => recorder.stop());
  part("discard").addEventListener("click", clear);
  window.addEventListener("pagehide", clear);
  box.hidden = false;
})();
