def handler(event, context):
    return {"quote": "Make it work, make it right, make it fast."}
