package exchange_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"tring/exchange"
	"tring/exchange/graph"
)

func TestABusinessNumberIsControlledThroughTheAdminAPI(t *testing.T) {
	x, err := exchange.Start(t.Context(), exchange.Options{Graph: &graph.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if x.Addresses().Graph != x.Graph().URL() {
		t.Errorf("the addresses say %q", x.Addresses().Graph)
	}
	for _, want := range []struct {
		method, path, body, answer string
	}{
		{"POST", "/graph/customers", `{"number":"15550100200","name":"Ana"}`, `"number":"15550100200"`},
		{"GET", "/graph/customers/15550100200", ``, `"state":"idle"`},
		{"POST", "/graph/customers/15550100200/answer", `{}`, `no such call`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), want.method, x.Addresses().Admin+want.path, strings.NewReader(want.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if !strings.Contains(string(body), want.answer) {
			t.Errorf("%s %s: %s", want.method, want.path, body)
		}
	}
}
