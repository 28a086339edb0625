// Package codegen stands in for pulumi-dotnet's code generator: the docker-build provider uses one
// plain struct of it, as metadata in the schema of its C# SDK, which this project never generates.
package codegen

// CSharpPackageInfo holds the fields that the provider's schema sets.
type CSharpPackageInfo struct {
	PackageReferences    map[string]string `json:"packageReferences,omitempty"`
	RespectSchemaVersion bool              `json:"respectSchemaVersion,omitempty"`
}
