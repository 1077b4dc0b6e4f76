import "./theme-switch.js"
import "./draft.js"
import "./live.js"
import "./clock.js"
