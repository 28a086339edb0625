"""Declares an image by the classes of the schema, with the settings of the offline world, and updates the stack to it."""

import json
import os
import sys

import pulumi
from pulumi import automation
from pulumi_cached_image_pipeline import ImagePipeline, PipelineImageArgs, Platform


def program() -> None:
    images = [PipelineImageArgs(name="app", platforms=[Platform.AMD64])]
    settings = json.loads(os.environ["SETTINGS"])
    pipeline = ImagePipeline("pipeline", images=images, **settings)
    pulumi.export("imageUri", pipeline.images["app"].image_uri)
    pulumi.export("buildProjectName", pipeline.build_project_name)


# Pulumi.yaml of the working directory leads to the package.
options = automation.LocalWorkspaceOptions(work_dir=".")
stack = automation.create_or_select_stack("dev", project_name="shop", program=program, opts=options)
stack.set_config("aws:region", automation.ConfigValue(os.environ["AWS_REGION"]))
if sys.argv[1] == "up":
    outputs = stack.up().outputs
    print(json.dumps({name: output.value for name, output in outputs.items()}))
elif sys.argv[1] == "preview":
    print(json.dumps(stack.preview().change_summary))
else:
    stack.destroy()
