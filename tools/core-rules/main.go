// Command core-rules asks the OWASP core rule set, in Coraza, what it recognises in requests.
//
// It reads requests from standard input, one JSON object a line, and answers each with a line: the rules that
// recognised it, at every paranoia level, each with its own. Nothing is refused, and no scores are added up.
//
// `core-rules regressions` prints the requests that the rule set brings along to test itself, with the rules
// that have to recognise each, and those that must not.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza-coreruleset/v4/tests"
	"github.com/corazawaf/coraza/v3"
	"github.com/goccy/go-yaml"
)

var version = "0"

const configuration = `
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecRequestBodyLimit 131072
SecRequestBodyLimitAction ProcessPartial
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[a-z0-9.+-]+[+])?json" "id:900001,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application(?:/soap\+|/)|text/)xml" "id:900005,phase:1,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecAction "id:900002,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level=4,setvar:tx.detection_paranoia_level=4"
SecAction "id:900003,phase:1,pass,nolog,setvar:tx.crs_setup_version=4220"
Include @owasp_crs/REQUEST-9*.conf
`

type request struct {
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Host    string      `json:"host"`
	Client  string      `json:"client"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"` // base64
}

type signature struct {
	Rule  int `json:"rule"`
	Level int `json:"level"`
}

var paranoia = regexp.MustCompile(`^paranoia-level/([1-4])$`)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println(version)
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "regressions" {
		if err := regressions(json.NewEncoder(os.Stdout)); err != nil {
			fmt.Fprintln(os.Stderr, "core-rules:", err)
			os.Exit(1)
		}
		return
	}
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(configuration))
	if err != nil {
		fmt.Fprintln(os.Stderr, "core-rules:", err)
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, "core-rules:", err)
			os.Exit(1)
		}
		if err := encoder.Encode(recognised(waf, &asked)); err != nil {
			os.Exit(1)
		}
	}
}

func recognised(waf coraza.WAF, asked *request) []signature {
	tx := waf.NewTransaction()
	defer tx.Close()
	defer tx.ProcessLogging()
	tx.ProcessConnection(asked.Client, 40000, "192.0.2.1", 443)
	tx.ProcessURI(asked.URI, asked.Method, "HTTP/1.1")
	tx.SetServerName(asked.Host)
	tx.AddRequestHeader("Host", asked.Host)
	for _, header := range asked.Headers {
		tx.AddRequestHeader(header[0], header[1])
	}
	tx.ProcessRequestHeaders()
	if body, err := base64.StdEncoding.DecodeString(asked.Body); err == nil && len(body) > 0 {
		_, _, _ = tx.WriteRequestBody(body)
	}
	_, _ = tx.ProcessRequestBody()
	found := []signature{}
	for _, match := range tx.MatchedRules() {
		for _, tag := range match.Rule().Tags() {
			if level := paranoia.FindStringSubmatch(strings.TrimSpace(tag)); level != nil {
				number, _ := strconv.Atoi(level[1])
				found = append(found, signature{match.Rule().ID(), number})
			}
		}
	}
	return found
}

type regression struct {
	Name     string  `json:"name"`
	Request  request `json:"request"`
	Expected []int   `json:"expected"`
	Unwanted []int   `json:"unwanted"`
}

type suite struct {
	RuleID int `yaml:"rule_id"`
	Tests  []struct {
		TestID int `yaml:"test_id"`
		Stages []struct {
			Input struct {
				Headers map[string]string `yaml:"headers"`
				Method  string            `yaml:"method"`
				URI     string            `yaml:"uri"`
				Data    string            `yaml:"data"`
				Raw     string            `yaml:"encoded_request"`
			} `yaml:"input"`
			Output struct {
				Log struct {
					Expected []int `yaml:"expect_ids"`
					Unwanted []int `yaml:"no_expect_ids"`
				} `yaml:"log"`
			} `yaml:"output"`
		} `yaml:"stages"`
	} `yaml:"tests"`
}

// regressions leaves out what is no single request: raw bytes of a connection, and tests of several stages.
func regressions(out *json.Encoder) error {
	return fs.WalkDir(tests.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := fs.ReadFile(tests.FS, path)
		if err != nil {
			return err
		}
		var read suite
		if err := yaml.Unmarshal(text, &read); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, test := range read.Tests {
			if len(test.Stages) != 1 || test.Stages[0].Input.Raw != "" || test.Stages[0].Input.URI == "" {
				continue
			}
			input, log := test.Stages[0].Input, test.Stages[0].Output.Log
			asked := request{Method: input.Method, URI: input.URI, Client: "192.0.2.1"}
			asked.Body = base64.StdEncoding.EncodeToString([]byte(input.Data))
			typed := false
			for name, value := range input.Headers {
				if strings.EqualFold(name, "Host") {
					asked.Host = value
					continue
				}
				typed = typed || strings.EqualFold(name, "Content-Type")
				asked.Headers = append(asked.Headers, [2]string{name, value})
			}
			if input.Data != "" && !typed {
				asked.Headers = append(asked.Headers, [2]string{"Content-Type", "application/x-www-form-urlencoded"})
			}
			if asked.Method == "" {
				asked.Method = "GET"
			}
			name := fmt.Sprintf("%d-%d", read.RuleID, test.TestID)
			if err := out.Encode(regression{name, asked, log.Expected, log.Unwanted}); err != nil {
				return err
			}
		}
		return nil
	})
}
