// The roster by keyboard: arrows walk from cell to cell; Enter opens what has the focus, as on any link.
(() => {
  const grid = document.getElementById("roster");
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  grid?.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const from = event.target.closest("td");
    if (!step || !from) return;
    event.preventDefault();
    const rows = [...grid.tBodies[0].rows];
    let row = rows.indexOf(from.parentElement),
      column = from.cellIndex;
    do {
      row += step[0];
      column += step[1];
    } while (rows[row]?.cells[column] && column > 0 && !rows[row].cells[column].querySelector("a"));
    if (column > 0) rows[row]?.cells[column]?.querySelector("a")?.focus();
  });
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
})();
