// Writes the Python package of a schema, by the generator that is a part of Pulumi's language host for Python.
//
//	go -C tools/pulumi run ./python-sdk SCHEMA FOLDER
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: python-sdk SCHEMA FOLDER")
	}
	content, err := os.ReadFile(os.Args[1])
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(content, &spec))
	pkg, err := schema.ImportSpec(spec, nil, schema.ValidationOptions{})
	check(err)
	files, err := python.GeneratePackage("python-sdk", pkg, nil, nil)
	check(err)
	for name, text := range files {
		file := filepath.Join(os.Args[2], name)
		check(os.MkdirAll(filepath.Dir(file), 0o755))
		check(os.WriteFile(file, text, 0o644))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
