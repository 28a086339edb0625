// Package java stands in for pulumi-java's code generator: the docker-build provider uses one
// plain struct of it, as metadata in the schema of its Java SDK, which this project never generates.
package java

// PackageInfo holds the fields that the provider's schema sets.
type PackageInfo struct {
	BuildFiles                      string            `json:"buildFiles,omitempty"`
	GradleNexusPublishPluginVersion string            `json:"gradleNexusPublishPluginVersion,omitempty"`
	Dependencies                    map[string]string `json:"dependencies,omitempty"`
}
