// Small things that every script needs.
export const words = (() => {
  try { return JSON.parse(document.body.dataset.words || "{}") } catch { return {} }
})()

/** fill puts values into the braces of a sentence of the catalogue. */
export const fill = (key, values = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole)

/** say tells a screen reader politely. */
export const say = text => {
  const region = document.getElementById("live")
  if (region) region.textContent = text
}

export const hour = ms => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" })

/** typing says whether keys go into a field. */
export const typing = target => !!target.closest?.("input, textarea, select, [contenteditable]")

export const kept = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)) } catch { return null } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true } catch { return false } },
  drop(key) { try { localStorage.removeItem(key) } catch { /* nothing was kept */ } },
}
