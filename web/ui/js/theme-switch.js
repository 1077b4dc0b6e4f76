// The three buttons of the footer.
const root = document.documentElement
const buttons = document.querySelectorAll("[data-theme-set]")
const show = () => buttons.forEach(b => b.setAttribute("aria-pressed", String(b.dataset.themeSet === (root.dataset.theme || ""))))
buttons.forEach(b => b.addEventListener("click", () => {
  const theme = b.dataset.themeSet
  if (theme) root.dataset.theme = theme
  else delete root.dataset.theme
  try {
    if (theme) localStorage.setItem("khue-theme", theme)
    else localStorage.removeItem("khue-theme")
  } catch { /* the choice holds for this page */ }
  show()
}))
show()
