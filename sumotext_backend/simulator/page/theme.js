// Runs before the page is painted, so that it does not flash in the other colours.
{
  let kept = "";
  try {
    kept = localStorage.getItem("theme") ?? "";
  } catch {
    // Storage may be closed to us; then the system decides.
  }
  if (kept) document.documentElement.dataset.theme = kept;
}
