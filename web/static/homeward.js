// What script adds to pages that work without it. Each part looks for its data-
// attribute and does nothing where there is none. See web/ui for their meaning.
"use strict";
(() => {
  // The one Trusted Types policy of the house: a page of our own origin is parsed
  // into an inert document, and only the wanted element is taken from it.
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("homeward", { createHTML: (html) => html })
    : { createHTML: (html) => html };
  const parse = (html) => new DOMParser().parseFromString(policy.createHTML(html), "text/html");

  // Take the element of an answer that the form or link asks for. wanted says whether
  // it still is, when the answer comes: a later question may be under way.
  async function swap(url, options, selector, wanted) {
    const target = document.querySelector(selector);
    const asked = filledIn(target);
    target.setAttribute("aria-busy", "true");
    const answer = await fetch(url, { ...options, credentials: "same-origin" });
    const fresh = parse(await answer.text()).querySelector(selector);
    if (!wanted()) return;
    if (!fresh) {
      location.assign(answer.url);
      return;
    }
    carry(target, asked, fresh);
    target.replaceWith(document.adoptNode(fresh));
    start(fresh);
    if (!options.method || options.method === "GET") history.replaceState(null, "", url);
  }

  // What was filled in while the answer was on its way goes over into it: on a slow
  // line one types faster than pages come.
  const controls = (root) => [...root.querySelectorAll("input[name], select[name], textarea[name]")];
  const ticked = (c) => c.type === "radio" || c.type === "checkbox";
  const filledIn = (root) => new Map(controls(root).map((c) => [c, ticked(c) ? c.checked : c.value]));
  function carry(from, asked, to) {
    for (const c of controls(from)) {
      if (asked.get(c) === (ticked(c) ? c.checked : c.value)) continue;
      const same = controls(to).find((o) => o.name === c.name && o.type === c.type && (!ticked(c) || o.value === c.value));
      if (!same) continue;
      if (ticked(c)) same.checked = c.checked;
      else if (!same.options || [...same.options].some((o) => o.value === c.value)) same.value = c.value;
    }
  }

  let latest = 0;
  async function submitSwap(form) {
    const turn = ++latest;
    const data = new URLSearchParams(new FormData(form));
    const get = form.method.toUpperCase() === "GET";
    const url = get ? form.action.split("?")[0] + "?" + data : form.action;
    try {
      await swap(url, get ? {} : { method: "POST", body: data }, form.dataset.swap, () => turn === latest);
    } catch {
      if (turn === latest) HTMLFormElement.prototype.submit.call(form);
    }
  }

  function bindSwap(form) {
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.name) return; // a named button says more than the fields
      event.preventDefault();
      submitSwap(form);
    });
    let timer = 0;
    form.addEventListener("input", (event) => {
      if (!event.target.matches("[data-live]")) return;
      clearTimeout(timer);
      timer = setTimeout(() => submitSwap(form), 180);
    });
  }

  // Uploads show how much has gone. The answer replaces the page, as it would
  // without script.
  function bindProgress(form) {
    const box = form.querySelector("[data-sending]");
    if (!box || !window.XMLHttpRequest) return;
    const large = form.querySelector("[data-too-large]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const size = [...form.querySelectorAll("input[type=file]")].flatMap((i) => [...i.files]).reduce((n, f) => n + f.size, 0);
      if (large) large.hidden = size <= Number(form.dataset.limit);
      if (large && !large.hidden) return;
      const bar = box.querySelector("progress");
      const buttons = form.querySelectorAll("button");
      const request = new XMLHttpRequest();
      const again = (show) => {
        box.hidden = true;
        buttons.forEach((b) => { b.disabled = false; });
        form.querySelectorAll("[data-broken]").forEach((e) => { e.hidden = !show; });
      };
      request.upload.addEventListener("progress", (e) => {
        if (e.lengthComputable) bar.value = e.loaded / e.total;
      });
      request.addEventListener("load", () => {
        // Too often, or the house's own fault: what was written and chosen stays here.
        if (request.status === 429 || request.status >= 500) again(true);
        else showAnswer(request);
      });
      request.addEventListener("error", () => again(true));
      request.addEventListener("abort", () => again(true));
      request.open("POST", form.action);
      request.send(new FormData(form, event.submitter));
      box.hidden = false;
      buttons.forEach((b) => { b.disabled = true; });
    });
  }

  // showAnswer puts the page that came back in the place of this one.
  function showAnswer(request) {
    const page = parse(request.responseText);
    const main = page.querySelector("main");
    if (!main) {
      location.reload();
      return;
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    if (request.responseURL && request.responseURL.startsWith(location.origin)) history.replaceState(null, "", request.responseURL);
    start(main);
    window.scrollTo(0, 0);
    main.focus();
  }

  // "Leave now": the way out takes the place of this page, so that "back" does not
  // return here, and the screen is empty until the other page comes.
  function bindLeave(link) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.documentElement.hidden = true;
      location.replace(link.href);
    });
  }

  function start(root) {
    const each = (selector, bind) => {
      if (root.matches && root.matches(selector)) bind(root);
      root.querySelectorAll(selector).forEach(bind);
    };
    each("form[data-swap]", bindSwap);
    each("form[data-progress]", bindProgress);
    each("a[data-leave]", bindLeave);
    each("[data-confirm]", (button) => {
      button.addEventListener("click", (event) => {
        if (!window.confirm(button.dataset.confirm)) event.preventDefault();
      });
    });
    each("[data-print]", (button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
    each("[data-script]", (element) => { element.hidden = false; });
    document.dispatchEvent(new CustomEvent("homeward:start", { detail: root }));
  }

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector('[data-key="/"]');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
  start(document);
})();
