package radar

import (
	"net/url"
	"regexp"
	"strings"
)

// A channel's id is "UC" and 22 letters of base64url.
var (
	channelForm = regexp.MustCompile(`^UC[0-9A-Za-z_-]{22}$`)
	// channelSays are the places in which a channel's page names its id, the surest first.
	channelSays = []*regexp.Regexp{
		regexp.MustCompile(`feeds/videos\.xml\?channel_id=(UC[0-9A-Za-z_-]{22})`),
		regexp.MustCompile(`youtube\.com/channel/(UC[0-9A-Za-z_-]{22})"`),
		regexp.MustCompile(`"(?:externalId|channelId)":\s*"(UC[0-9A-Za-z_-]{22})"`),
	}
)

// channelID reads a channel's id out of an address: /channel/ID, or its feed's own; "" when it is not said there.
func channelID(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	id := u.Query().Get("channel_id")
	if rest, ok := strings.CutPrefix(u.Path, "/channel/"); ok {
		id, _, _ = strings.Cut(rest, "/")
	}
	if !channelForm.MatchString(id) {
		return ""
	}
	return id
}

// channelIn finds the id of the channel that a page belongs to.
func channelIn(page []byte) string {
	for _, re := range channelSays {
		if m := re.FindSubmatch(page); m != nil {
			return string(m[1])
		}
	}
	return ""
}

// youTubeHub pushes what channels publish, as YouTube's API documents ("Subscribe to push notifications").
const youTubeHub = "https://pubsubhubbub.appspot.com/subscribe"

// youTubeTopic gives what the hub calls a channel's feed.
func youTubeTopic(address string) string {
	if id := channelID(address); id != "" {
		return "https://www.youtube.com/xml/feeds/videos.xml?channel_id=" + id
	}
	return ""
}
