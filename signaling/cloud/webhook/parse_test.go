package webhook

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// wrap is a delivery with one value.
func wrap(field, value string) string {
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"520000000000001","time":1790000000,"changes":[{"field":%q,"value":{
"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100100","phone_number_id":"410000000000001"},
"contacts":[{"profile":{"name":"Zo\u00eb","username":"zoe.w"},"wa_id":"15550100200","user_id":"US.9"}],%s}}]}]}`, field, value)
}

var samples = map[string]string{
	"user calls": wrap("calls", `"calls":[{"id":"wacid.1","from":"15550100200","to":"15550100100","from_user_id":"US.9","event":"connect","timestamp":"1790000000",
"direction":"USER_INITIATED","cta_payload":"ticket-4411","session":{"sdp_type":"offer","sdp":"v=0\r\n"},"new_field":{"x":1}}]`),
	"user without number calls": wrap("calls", `"calls":[{"id":"wacid.1","from_user_id":"US.9","event":"connect","timestamp":1790000000,"session":{"sdp_type":"offer","sdp":"v=0\r\n"}}]`),
	"answer to our offer, old form, no direction": wrap("calls", `"calls":[{"id":"wacid.2","to":"15550100200","event":"connect","timestamp":"1790000001","biz_opaque_callback_data":"tring/x/1",
"connection":{"webrtc":{"sdp":"{\"sdp\":\"v=0\\r\\n\",\"type\":\"answer\"}"}}}]`),
	"terminate with times":       wrap("calls", `"calls":[{"id":"wacid.1","event":"terminate","status":["Completed"],"timestamp":"1790000065","start_time":"1790000005","end_time":"1790000065","duration":"60"}]`),
	"terminate unanswered":       wrap("calls", `"calls":[{"id":"wacid.1","event":"terminate","status":"COMPLETED"}]`),
	"terminate failed":           wrap("calls", `"calls":[{"id":"wacid.1","event":"terminate","status":"Failed"}],"errors":[{"code":138021,"message":"m","error_data":{"details":"no media"}}]`),
	"failed":                     wrap("calls", `"calls":[{"id":"wacid.1","event":"failed","errors":[{"code":"138019","title":"t"}]}]`),
	"accepted":                   wrap("calls", `"statuses":[{"id":"wacid.2","type":"call","status":"accepted","timestamp":"1790000003","recipient_id":"15550100200"}]`),
	"recording":                  wrap("calls", `"calls":[{"id":"wacid.1","from":"15550100200","event":"call_recording_available","timestamp":"1790000100","call_recording":{"type":"audio","audio":{"id":"700","sha256":"x","mime_type":"audio/ogg"}}}]`),
	"transcript":                 wrap("calls", `"calls":[{"id":"wacid.1","from_user_id":"US.9","event":"call_transcription_available","call_transcript":{"document":{"id":"701"}}}]`),
	"a call event unknown to us": wrap("calls", `"calls":[{"id":"wacid.1","event":"call_sung"}]`),
	"text":                       wrap("messages", `"messages":[{"from":"15550100200","id":"wamid.1","timestamp":"1790000100","type":"text","text":{"body":"hi"}}]`),
	"delivery failed":            wrap("messages", `"statuses":[{"id":"wamid.9","status":"failed","timestamp":"1790000100","recipient_id":"15550100200","errors":[{"code":131026,"title":"t"}]}]`),
	"permission":                 wrap("messages", `"messages":[{"from":"15550100200","id":"wamid.2","timestamp":"1790000100","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept","expiration_timestamp":"1790604900","response_source":"user_action"}}}]`),
	"settings":                   `{"object":"x","entry":[{"changes":[{"field":"account_settings_update","value":{"type":"phone_number_settings","phone_number_settings":{"phone_number_id":"410000000000001","calling":{"status":"ENABLED"}}}}]}]}`,
	"account":                    `{"object":"x","entry":[{"changes":[{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_USER_INITIATED_CALLING","expiration":1790604900}]}}]}]}`,
	"field unknown to us":        `{"object":"x","entry":[{"changes":[{"field":"flows","value":{"a":1}}]}]}`,
}

func TestEveryDocumentedWebhookIsUnderstood(t *testing.T) {
	zoe := Person{Number: "15550100200", UserID: "US.9", Name: "Zoë"}
	when := time.Unix(1790000000, 0)
	want := map[string]Event{
		"user calls":                Call{ID: "wacid.1", Event: Connect, From: zoe, To: Person{Number: "15550100100"}, SDP: "v=0\r\n", Payload: "ticket-4411", At: when},
		"user without number calls": Call{ID: "wacid.1", Event: Connect, From: zoe, SDP: "v=0\r\n", At: when},
		"answer to our offer, old form, no direction": Call{ID: "wacid.2", Event: Connect, Ours: true, To: zoe, SDP: "v=0\r\n", Opaque: "tring/x/1", At: when.Add(time.Second)},
		"terminate with times":                        Call{ID: "wacid.1", Event: Terminate, From: zoe, Answered: true, Talked: time.Minute, At: when.Add(65 * time.Second)},
		"terminate unanswered":                        Call{ID: "wacid.1", Event: Terminate, From: zoe},
		"terminate failed":                            Call{ID: "wacid.1", Event: Terminate, From: zoe, Failed: true, Faults: []Fault{{138021, "no media"}}},
		"failed":                                      Call{ID: "wacid.1", Event: Terminate, From: zoe, Failed: true, Faults: []Fault{{138019, "t"}}},
		"accepted":                                    Progress{ID: "wacid.2", Status: "ACCEPTED", Person: zoe, At: when.Add(3 * time.Second)},
		"text":                                        Text{ID: "wamid.1", From: zoe, Kind: "text", Body: "hi", At: when.Add(100 * time.Second)},
		"delivery failed":                             Delivery{ID: "wamid.9", Status: "failed", Person: zoe, At: when.Add(100 * time.Second), Faults: []Fault{{131026, "t"}}},
		"permission":                                  Permission{ID: "wamid.2", From: zoe, Granted: true, Expires: time.Unix(1790604900, 0), At: when.Add(100 * time.Second)},
		"recording":                                   Recording{Call: "wacid.1", From: zoe, Media: "700", At: when.Add(100 * time.Second)},
		"transcript":                                  Recording{Call: "wacid.1", From: zoe, Media: "701", Transcript: true},
		"account":                                     Account{Event: "ACCOUNT_RESTRICTION", Restrictions: []string{"RESTRICTED_USER_INITIATED_CALLING"}, Expires: time.Unix(1790604900, 0)},
	}
	for name, body := range samples {
		t.Run(name, func(t *testing.T) {
			items, err := Parse([]byte(body))
			if err != nil || len(items) != 1 {
				t.Fatalf("%v, %v", items, err)
			}
			if e, known := want[name]; known && !reflect.DeepEqual(items[0].Event, e) {
				t.Errorf("got  %+v\nwant %+v", items[0].Event, e)
			}
			if u, unknown := items[0].Event.(Unknown); unknown && len(u.Raw) == 0 {
				t.Error("what is unknown must be kept")
			}
		})
	}
	if items, _ := Parse([]byte(samples["settings"])); items[0].Number != "410000000000001" {
		t.Errorf("settings are of number %q", items[0].Number)
	}
}

func TestOneBrokenElementDoesNotSpoilTheRest(t *testing.T) {
	items, err := Parse([]byte(wrap("calls", `"calls":[7,{"id":"wacid.1","event":"terminate","duration":"x","session":"y"},{"event":"connect"}],"statuses":"none"`)))
	if err != nil || len(items) != 3 {
		t.Fatalf("%+v, %v", items, err)
	}
	if c, ok := items[1].Event.(Call); !ok || c.ID != "wacid.1" {
		t.Errorf("%+v", items[1])
	}
}

func TestAUserIDIsNeverMadeANumber(t *testing.T) {
	for id, want := range map[string]Person{
		"15550100200": {Number: "15550100200"}, "+15550100200": {Number: "15550100200"},
		"US.90000000000000001": {UserID: "US.90000000000000001"}, "": {}, strings.Repeat("1", 30): {UserID: strings.Repeat("1", 30)},
	} {
		if got := person(id, ""); got != want {
			t.Errorf("%q is %+v", id, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := Parse(body)
		if err != nil && len(items) != 0 {
			t.Error("an error and events")
		}
		if len(items) > maxItems {
			t.Errorf("%d items", len(items))
		}
		for _, i := range items {
			i.Event.Key()
		}
	})
}
