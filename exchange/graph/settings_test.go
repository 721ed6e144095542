package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tring/exchange/graph"
)

func TestSettingsAreMergedAndChecked(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	path := b.number.PhoneNumberID + "/settings"
	week := func(entries ...object) object {
		return object{"call_hours": object{"status": "ENABLED", "timezone_id": "Europe/Madrid", "weekly_operating_hours": entries}}
	}
	open := func(day, from, to string) object {
		return object{"day_of_week": day, "open_time": from, "close_time": to}
	}
	monday := open("MONDAY", "0900", "1330")
	for name, calling := range map[string]object{
		"a word":            {"status": "ON"},
		"no hours":          week(),
		"three a day":       week(monday, open("MONDAY", "1400", "1500"), open("MONDAY", "1600", "1700")),
		"overlap":           week(monday, open("MONDAY", "1300", "1500")),
		"backwards":         week(open("MONDAY", "1300", "0900")),
		"colons":            week(open("MONDAY", "09:00", "13:30")),
		"no such day":       week(open("FUNDAY", "0900", "1330")),
		"no such zone":      {"call_hours": object{"status": "ENABLED", "timezone_id": "Mars", "weekly_operating_hours": []object{monday}}},
		"a holiday gone by": {"call_hours": object{"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{monday}, "holiday_schedule": []object{{"date": "2020-01-01", "start_time": "0000", "end_time": "2359"}}}},
		"no date":           {"call_hours": object{"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{monday}, "holiday_schedule": []object{{"date": "tomorrow", "start_time": "0000", "end_time": "2359"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, code, answer := b.send(http.MethodPost, path, object{"calling": calling}); code != 100 {
				t.Errorf("the answer is %v", answer)
			}
		})
	}
	if status, _, answer := b.send(http.MethodPost, path, object{"calling": week(monday)}); status != 200 {
		t.Fatalf("good hours: %v", answer)
	}
	b.await("account_settings_update", 1)
	_, _, answer := b.send(http.MethodGet, path, nil)
	calling := answer["calling"].(object)
	if calling["status"] != "ENABLED" || calling["call_hours"] == nil {
		t.Errorf("the settings are %v", answer)
	}
}

func TestOutsideTheHoursNobodyCanCall(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	closed := time.Now().UTC().Add(48 * time.Hour) // two days from now is another day of the week
	b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"call_hours": object{
		"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{
			{"day_of_week": strings.ToUpper(closed.Weekday().String()), "open_time": "0000", "close_time": "2359"},
		},
	}}})
	if _, err := h.Call(graph.Dial{}); err != graph.ErrClosed {
		t.Errorf("the call: %v", err)
	}
}

func TestCallingIsEnabledOnlyWithItsPrerequisites(t *testing.T) {
	for name, c := range map[string]struct {
		business graph.Business
		fields   []string
		code     int
	}{
		"a small limit":   {graph.Business{Disabled: true, Limit: 250}, []string{"calls"}, 138015},
		"no subscription": {graph.Business{Disabled: true}, []string{"messages"}, 138018},
		"all of them":     {graph.Business{Disabled: true}, []string{"calls"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBusiness(t, graph.Options{Business: c.business})
			b.server.SetFields(c.fields...)
			_, code, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"status": "ENABLED"}})
			if code != c.code {
				t.Errorf("the answer is %v", answer)
			}
		})
	}
}
