// Runs before the first paint: says that scripts work, and takes the reader's choice of colours.
document.documentElement.dataset.js = "1"
try {
  const theme = localStorage.getItem("khue-theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch { /* storage is refused: the device decides */ }
