"use strict";
// Filters, baseline and sorting of the main table. All figures were computed before; here they are shown and hidden.
(() => {
  const form = document.getElementById("filters");
  const table = document.getElementById("main");
  const ratios = JSON.parse(document.getElementById("ratios").textContent);
  const rows = [...table.tBodies[0].rows];
  const places = [...document.querySelectorAll(".place")];
  const heads = [...table.tHead.rows[0].cells].filter((cell) => cell.dataset.key);
  const names = [...form.elements].filter((element) => element.name).map((element) => element.name);
  const usual = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
  let order = "";

  const values = () => Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
  const fits = (item, wanted, without) =>
    ["d", "p", "f", "w"].every((name) =>
      name === without || !wanted[name] || item.dataset[name] === undefined ||
      item.dataset[name].split(name === "w" ? " " : "\n").includes(wanted[name]));

  function compare(base) {
    for (const row of rows) {
      const cell = row.querySelector(".ratio");
      const found = (ratios[row.dataset.d][base] || {})[row.id];
      cell.textContent = found ? found[0] : "";
      cell.dataset.v = found ? found[1] : "";
      cell.classList.toggle("less", Boolean(found && found[2] < 0));
      cell.classList.toggle("more", Boolean(found && found[2] > 0));
      row.classList.toggle("base", row.cells[0].dataset.v === base);
    }
  }

  function sort() {
    const key = order.replace("-", "");
    const down = order.startsWith("-");
    const column = heads.findIndex((head) => head.dataset.key === key);
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const value = (row) => row.cells[column].dataset.v;
    const sorted = column < 0 ? rows : [...rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (!a || !b) return Number(!a) - Number(!b); // what was not measured comes last, either way
      const difference = isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
      return down ? -difference : difference;
    });
    table.tBodies[0].append(...sorted);
  }

  function show() {
    const wanted = values();
    for (const item of [...rows, ...places]) item.hidden = !fits(item, wanted);
    for (const name of ["d", "p", "f", "w"])
      for (const option of form.elements[name].options)
        option.disabled = Boolean(option.value) &&
          !rows.some((row) => fits(row, { ...wanted, [name]: option.value }));
    const shown = rows.filter((row) => !row.hidden).length;
    document.getElementById("count").textContent = `${shown} of ${rows.length} rows`;
    compare(wanted.b);
    sort();
  }

  function write() {
    const state = new URLSearchParams();
    for (const [name, value] of Object.entries(values())) if (value !== usual[name]) state.set(name, value);
    if (order) state.set("s", order);
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  }

  function read() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const name of names) {
      const value = state.get(name) ?? usual[name];
      const known = [...form.elements[name].options].some((option) => option.value === value);
      form.elements[name].value = known ? value : usual[name];
    }
    order = state.get("s") ?? "";
    show();
  }

  form.addEventListener("change", () => { show(); write(); });
  form.addEventListener("reset", () => setTimeout(() => { order = ""; show(); write(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const head of heads)
    head.firstElementChild.addEventListener("click", () => {
      order = order === head.dataset.key ? `-${order}` : head.dataset.key;
      show();
      write();
    });
  document.addEventListener("click", (event) => {
    if (!event.target.matches(".copy")) return;
    const text = event.target.parentElement.querySelector("pre");
    const done = () => { event.target.textContent = "copied"; };
    const select = () => getSelection().selectAllChildren(text); // where the browser refuses the clipboard
    if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).then(done, select);
    else select();
  });
  addEventListener("hashchange", () => { if (!document.getElementById(location.hash.slice(1))) read(); });
  addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details")) each.open = true; });
  read();
})();
