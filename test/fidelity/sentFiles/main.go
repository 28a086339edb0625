// Tells which entries of a context BuildKit's client sends under each of many ignore files, by the code that sends them.
//
// Reads {"context": folder, "entries": [path], "ignoreFiles": [text]} from standard input and writes one text for each ignore
// file: a "1" for each entry that is sent and a "0" for each that is not, or the empty text where the client reports an error.
package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"log"
	"os"
	"strings"

	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
)

type question struct {
	Context     string   `json:"context"`
	Entries     []string `json:"entries"`
	IgnoreFiles []string `json:"ignoreFiles"`
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	folder, err := fsutil.NewFS(asked.Context)
	if err != nil {
		log.Fatal(err)
	}
	positions := make(map[string]int, len(asked.Entries))
	for position, entry := range asked.Entries {
		positions[entry] = position
	}
	answers := make([]string, len(asked.IgnoreFiles))
	for number, text := range asked.IgnoreFiles {
		sent, err := sentEntries(folder, text)
		if err != nil {
			continue
		}
		answer := []byte(strings.Repeat("0", len(asked.Entries)))
		for _, entry := range sent {
			position, isKnown := positions[entry]
			if !isKnown {
				log.Fatalf("%q is no entry of the question", entry)
			}
			answer[position] = '1'
		}
		answers[number] = string(answer)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

// sentEntries reads an ignore file as BuildKit's Dockerfile frontend does, and walks the context as its client does.
func sentEntries(folder fsutil.FS, ignoreFile string) ([]string, error) {
	patterns, err := ignorefile.ReadAll(strings.NewReader(ignoreFile))
	if err != nil {
		return nil, err
	}
	filtered, err := fsutil.NewFilterFS(folder, &fsutil.FilterOpt{ExcludePatterns: patterns})
	if err != nil {
		return nil, err
	}
	var sent []string
	err = filtered.Walk(context.Background(), "/", func(path string, _ fs.DirEntry, err error) error {
		sent = append(sent, path)
		return err
	})
	return sent, err
}
