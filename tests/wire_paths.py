"""Holds the declarations of resource types to AWS's own service models.

Reads the declarations as JSON (tests/wire_paths.rs writes them) and looks up every operation, parameter, member and error
code that they name. The answers that would be given for the samples are held to the output shapes whole, so that places
which only code writes are held to the models too.

    python wire_paths.py declarations.json
"""

import json
import sys

import botocore.session

# What botocore calls a service that IAM calls differently.
CALLED = {
    "tag": ["resourcegroupstaggingapi"],
    "access-analyzer": ["accessanalyzer"],
    "elasticfilesystem": ["efs"],
    # IAM knows one service where there are two APIs.
    "apigateway": ["apigateway", "apigatewayv2"],
    "servicequotas": ["service-quotas"],
}

# Errors that any operation may answer although its model names few or none (API references, "Common Errors").
COMMON = {"ValidationException", "ValidationError", "AccessDeniedException", "UnknownOperationException", "InvalidAction"}


class Models:
    def __init__(self):
        self.session = botocore.session.Session()
        self.known = {}

    def of(self, service):
        if service not in self.known:
            names = CALLED.get(service, [service])
            self.known[service] = [self.session.get_service_model(name) for name in names]
        return self.known[service]

    def operation(self, service, operation):
        models = (model for model in self.of(service) if operation in model.operation_names)
        return next((model.operation_model(operation) for model in models), None)

    def is_asked_by_hand(self, service):
        return all(
            any("json" in protocol or protocol == "query" for protocol in [model.metadata["protocol"], *model.metadata.get("protocols", [])])
            for model in self.of(service)
        )


class Declaration:
    """One type, and what is wrong with it."""

    def __init__(self, models, declaration):
        self.models = models
        self.it = declaration
        self.wrong = []

    def expect(self, truth, what):
        if not truth:
            self.wrong.append(f"{self.it['record']}: {what}")
        return truth

    def check(self):
        listed = self.list()
        if listed is None:
            return
        described = self.describe(listed)
        whole = described if described is not None else listed
        for path in self.it["paths"]:
            known = find(whole, path) or self.parents_know(path) or self.asked_for(path)
            self.expect(known, f"{path} is no place in the {'description' if described else 'summary'}")
        for path in self.it["other_paths"]:
            self.expect(find(whole, path) or find(listed, path), f"{path} is no place in description or summary")
        self.summary(listed, whole)
        self.search()
        for ask in self.it["also"]:
            self.question(ask, listed, described)
        self.samples(listed, whole)

    # Calls

    def list(self):
        spec = self.it["list"]
        operation = self.operation(spec)
        if operation is None:
            return None
        takes, answers = members(operation.input_shape), members(operation.output_shape)
        if spec["size"]:
            name, most = spec["size"]
            if self.expect(name in takes, f"{operation.name} takes no {name}"):
                bounds = takes[name].metadata
                self.expect(most <= bounds.get("max", most), f"{operation.name} takes {name} up to {bounds.get('max')}")
                self.expect(most >= bounds.get("min", most), f"{operation.name} takes {name} from {bounds.get('min')}")
            token, following = spec["token"], spec["next"]
            self.expect(token in takes and following in answers, f"{operation.name} has no {token} or {following}")
        else:
            pages = {"NextToken", "nextToken", "Marker", "MaxResults", "maxResults"} & set(takes)
            # A list may have pages whose size nobody sets, and questions about given names have none.
            pages -= {spec["token"]} if spec["token"] in answers else set()
            self.expect(not pages or spec["parents"] is not None, f"{operation.name} has pages ({sorted(pages)})")
        fixed = dict(spec["with"])
        if spec["newest_first"]:
            fixed |= {"SortBy": "CreationTime", "SortOrder": "Descending"}
        for name, value in fixed.items():
            if self.expect(name in takes, f"{operation.name} takes no {name}"):
                self.value(f"{operation.name} {name}", value, takes[name])
        for parent in spec["parents"] or []:
            for name, value in parent.items():
                if name in takes:
                    self.value(f"{operation.name} {name}", value, takes[name])
        if spec["parents"] is None:
            missing = required_members(operation.input_shape) - set(fixed)
            self.expect(not missing, f"{operation.name} requires {sorted(missing)}")
        elif spec["parents"]:
            missing = required_members(operation.input_shape) - set(fixed) - set(spec["parents"][0])
            self.expect(not missing, f"{operation.name} requires {sorted(missing)}")
        self.errors(operation, spec["absent"])
        if self.it["jobs"]:
            sorted_by_time = fixed.get("SortBy", "").replace("_", "").lower() == "creationtime"
            self.expect(sorted_by_time, "a list of jobs ends early, so it must be sorted")
        if not spec["items"]:
            return operation.output_shape
        if not self.expect(spec["items"] in answers, f"{operation.name} answers no {spec['items']}"):
            return None
        items = answers[spec["items"]]
        if not self.expect(items.type_name == "list", f"{spec['items']} of {operation.name} is no list"):
            return None
        return items.member

    def describe(self, listed):
        spec = self.it["describe"]
        if spec is None:
            return None
        operation = self.question(spec, listed, None)
        if operation is None:
            return None
        codes = error_codes(operation) | COMMON
        self.expect(self.it["missing"] in codes, f"{operation.name} knows no error {self.it['missing']}: {sorted(codes)}")
        return operation.output_shape

    def question(self, ask, listed, described):
        """One call about one resource."""
        operation = self.operation(ask)
        if operation is None:
            return None
        if ask["operation"] == "ListTags" and ask["service"] == "sagemaker":
            # The collector itself fills in the ARN.
            return operation
        takes = members(operation.input_shape)
        for name, path in ask["by"]:
            self.expect(name in takes, f"{operation.name} takes no {name}")
            if path.startswith("="):
                if name in takes:
                    self.value(f"{operation.name} {name}", path[1:], takes[name])
                continue
            renamed = any(path == ours for _, ours in (member.split("=") for member in self.it["summary"] if "=" in member))
            known = find(listed, path) or renamed or (described is not None and find(described, path))
            self.expect(known or self.parents_know(path), f"{path}, for {operation.name}, is not known by then")
        required = required_members(operation.input_shape)
        missing = required - {name for name, _ in ask["by"]}
        self.expect(not missing, f"{operation.name} requires {sorted(missing)}")
        self.errors(operation, ask["absent"])
        for answer in ask["answers"]:
            self.answer(operation.name, answer, operation.output_shape, whole=False)
        return operation

    def parents_know(self, path):
        """Whether a path begins with a parameter of the list, which its parents give."""
        spec = self.it["list"]
        shape = self.models.operation(spec["service"], spec["operation"]).input_shape
        return spec["parents"] is not None and path.split(".")[0].rstrip("/") in members(shape)

    def asked_for(self, path):
        """Whether a path is a parameter of the description: answers do not always repeat those."""
        return self.it["describe"] is not None and path in [name for name, _ in self.it["describe"]["by"]]

    def operation(self, spec):
        operation = self.models.operation(spec["service"], spec["operation"])
        self.expect(operation is not None, f"{spec['service']} has no operation {spec['operation']}")
        return operation

    def errors(self, operation, codes):
        known = error_codes(operation) | COMMON
        for code in codes:
            code = code.split(": ")[0]
            self.expect(code in known, f"{operation.name} knows no error {code}: {sorted(known)}")

    # Places

    def summary(self, listed, whole):
        for member in self.it["summary"]:
            theirs, _, ours = member.partition("=")
            self.expect(find(listed, theirs) or self.parents_know(theirs), f"{theirs} is no place in the summary")
            known = find(whole, ours or theirs) or self.asked_for(ours or theirs) or self.parents_know(ours or theirs)
            self.expect(known, f"{ours or theirs}, for the summary, is no place in the description")
        for name in ("arn", "created"):
            place = self.it[name]
            absent = name == "created" and not self.it["list"]["newest_first"] and not self.it["jobs"]
            if place and not find(listed, place):
                self.expect(absent or find(whole, place), f"{place} ({name}) is no place in summary or description")
        if jobs := self.it["jobs"]:
            if self.expect(status := find(listed, jobs["status"]), f"{jobs['status']} is no place in the summary"):
                for word in jobs["running"]:
                    self.expect(word in status.enum, f"{word} is none of {status.enum}")

    def search(self):
        search = self.it["search"]
        if search is None:
            return
        operation = self.models.operation("sagemaker", "Search")
        resources = operation.input_shape.members["Resource"].enum
        self.expect(search["resource"] in resources, f"Search knows no {search['resource']}")
        record = find(operation.output_shape.members["Results"].member, search["record"])
        if not self.expect(record, f"{search['record']} is no place in a search record"):
            return
        for path in self.it["paths"] + [self.it["arn"]]:
            if path.split(".")[0].split("[")[0] not in search["lacks"]:
                self.expect(find(record, path), f"{path} is no place in the search record {search['record']}")
        for member in search["lacks"]:
            self.expect(not find(record, member), f"Search does not lack {member}")

    # Answers

    def samples(self, listed, whole):
        self.expect(self.it["answers"], "there is no sample in tests/worlds")
        for answer in self.it["answers"]:
            if not isinstance(answer, dict):
                # The list shows names alone.
                self.answer("the summary", answer, listed)
                continue
            complete(answer, self.it["required"])
            self.answer("the description" if self.it["describe"] else "the summary", answer, whole)
            if self.it["describe"] is None:
                kept = {member.partition("=")[0] for member in self.it["summary"]}
                lost = [member for member in sorted(set(answer) - kept) if not self.parents_know(member)]
                self.expect(not lost, f"`summary` leaves out {lost}")
            short = {}
            for member in self.it["summary"]:
                theirs, _, ours = member.partition("=")
                if (value := look(answer, ours or theirs)) is not None:
                    if theirs:
                        place(short, theirs, value)
                    else:
                        short = value
            self.answer("the summary", short, listed)

    def answer(self, where, value, shape, whole=True):
        """A JSON value against a shape; `whole` expects all required members."""
        kind = shape.type_name
        if kind == "structure" and not getattr(shape, "is_document_type", False):
            if not self.expect(isinstance(value, dict), f"{where}: not an object"):
                return
            names = members(shape)
            for name, inner in value.items():
                if name not in names and (self.parents_know(name) or self.asked_for(name)):
                    continue
                if self.expect(name in names, f"{where} has no member {name}"):
                    self.answer(f"{where}.{name}", inner, names[name], whole)
            for name in shape.required_members if whole else ():
                name = shape.members[name].serialization.get("name", name)
                self.expect(value.get(name) is not None, f"{where}: required member {name} is missing")
        elif kind == "list":
            if self.expect(isinstance(value, list), f"{where}: not a list"):
                for item in value:
                    self.answer(f"{where}[]", item, shape.member, whole)
        elif kind == "map":
            if self.expect(isinstance(value, dict), f"{where}: not a map"):
                for item in value.values():
                    self.answer(f"{where}{{}}", item, shape.value, whole)
        else:
            self.value(where, value, shape)

    def value(self, where, value, shape):
        kind = shape.type_name
        if kind in ("integer", "long"):
            self.expect(type(value) is int, f"{where}: {value!r} is no integer")
        elif kind == "timestamp":
            self.expect(type(value) in (int, float, str), f"{where}: {value!r} is no time")
        elif kind in ("float", "double"):
            self.expect(type(value) in (int, float), f"{where}: {value!r} is no number")
        elif kind == "boolean":
            self.expect(type(value) is bool, f"{where}: {value!r} is no boolean")
        elif kind == "string":
            self.expect(isinstance(value, str), f"{where}: {value!r} is no text")
            if shape.enum and value:
                self.expect(value in shape.enum, f"{where}: {value!r} is none of {shape.enum}")


def members(shape):
    """The members of a structure by their names on the wire."""
    if shape is None:
        return {}
    return {member.serialization.get("name", name): member for name, member in shape.members.items()}


def required_members(shape):
    if shape is None:
        return set()
    return {shape.members[name].serialization.get("name", name) for name in shape.required_members}


def error_codes(operation):
    return {shape.metadata.get("error", {}).get("code", shape.name) for shape in operation.error_shapes} | {
        shape.name for shape in operation.error_shapes
    }


def find(shape, path):
    """The shape at a path, or None; see `look` in checks/snapshot/wire.rs."""
    path = path.removesuffix("/")
    for part in path.split(".") if path else []:
        name, each = part.removesuffix("[]"), part.endswith("[]")
        if shape.type_name not in ("structure", "map"):
            return None
        shape = shape.value if shape.type_name == "map" else members(shape).get(name)
        if shape is None or each and shape.type_name != "list":
            return None
        shape = shape.member if each else shape
    return shape


def look(value, path):
    if not path:
        return value
    if path.endswith("/"):
        found = look(value, path[:-1])
        return found.rsplit("/")[-1] if found else None
    part, _, rest = path.partition(".")
    value = value.get(part.removesuffix("[]")) if isinstance(value, dict) else None
    if value is None or not part.endswith("[]"):
        return None if value is None else look(value, rest)
    return [found for one in value if (found := look(one, rest)) is not None]


def place(target, path, value):
    *above, last = path.split(".")
    for part in above:
        target = target.setdefault(part, {})
    target[last] = value


def complete(answer, required):
    """Adds what the models require and the snapshot does not keep: see `Spec.required`."""
    for name, value in required.items():
        optional, name = name.endswith("?"), name.removesuffix("?")
        if optional and answer.get(name) is None:
            continue
        if isinstance(value, dict):
            complete(answer.setdefault(name, {}), value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for one in answer.setdefault(name, []):
                complete(one, value[0])
        elif answer.get(name) is None:
            answer[name] = value


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        declarations = json.load(file)
    models, wrong, held = Models(), [], 0
    for declaration in declarations:
        if models.is_asked_by_hand(declaration["list"]["service"]):
            one = Declaration(models, declaration)
            one.check()
            wrong += one.wrong
            held += 1
    if not held:
        wrong.append("there is no declaration to hold to a model")
    for what in dict.fromkeys(wrong):
        print(what)
    print(f"{held} declarations, {len(dict.fromkeys(wrong))} wrong")
    sys.exit(1 if wrong else 0)


main()
