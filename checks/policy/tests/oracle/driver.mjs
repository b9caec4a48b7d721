// Puts cases to iam-simulate. One JSON object per line in: {id, vector}; one per line out, in the same order:
// {id, decision} or {id, refused}. A vector is a case of iam-conformance-vectors/1 in which every key is known.
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

const decisions = { Allowed: 'allow', ImplicitlyDenied: 'implicit_deny', ExplicitlyDenied: 'explicit_deny' }

const document = (one) => (typeof one === 'string' ? JSON.parse(one.startsWith('%') ? decodeURIComponent(one) : one) : one)
const listed = (layer) => (known(layer) == null ? [] : [layer].flat()).map(document)
const named = (layer) => listed(layer).map((policy, at) => ({ name: `p${at}`, policy }))
const known = (layer) => {
  if (layer === 'unknown') throw new Error('a layer that could not be read')
  return layer
}
const levels = (layer) =>
  (known(layer) ?? []).map((level, at) => ({ orgIdentifier: `level${at}`, policies: named(level) }))

const only = (layer, name) => {
  const documents = listed(layer)
  if (documents.length > 1) throw new Error(`more than one ${name} policy`)
  return documents[0]
}

const text = (value) => (Array.isArray(value) ? value.map(String) : String(value))

function simulation({ request, policies = {}, environment = {} }) {
  if (/(:role\/aws-service-role\/|:assumed-role\/AWSServiceRoleFor)/.test(request.principal)) {
    throw new Error('service-linked roles')
  }
  if (environment.principal_account_is_management || environment.resource_account_is_management) {
    throw new Error('the management account')
  }
  const account = request.resource_account ?? request.resource.split(':')[4] ?? ''
  return {
    request: {
      principal: request.principal === 'anonymous' ? anonymousPrincipal : request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: account || request.principal.split(':')[4] },
      contextVariables: Object.fromEntries(
        Object.entries(request.context ?? {})
          .filter(([, value]) => value != null)
          .map(([key, value]) => [key, text(value)])
      )
    },
    identityPolicies: named(policies.identity),
    permissionBoundaryPolicies: policies.boundary == null ? undefined : named(policies.boundary),
    sessionPolicy: only(policies.session, 'session'),
    serviceControlPolicies: levels(policies.scps),
    resourceControlPolicies: levels(policies.rcps),
    resourcePolicy: only(policies.resource, 'resource'),
    vpcEndpointPolicies: policies.vpce == null ? undefined : named(policies.vpce),
    additionalSettings: { s3: { blockPublicAccess: environment.s3_restrict_public_buckets === true } }
  }
}

async function answer({ vector }) {
  const result = await runSimulation(simulation(vector), { simulationMode: 'Strict' })
  const ignored = [result.result, ...(result.results ?? [])].flatMap((one) => one?.ignoredContextKeys ?? [])
  if (result.resultType !== 'error' && ignored.length === 0) return { decision: decisions[result.overallResult] }
  return { refused: ignored.length ? `it ignores ${ignored}` : JSON.stringify(result.errors) }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  const reply = await answer(question).catch((error) => ({ refused: String(error.message ?? error) }))
  process.stdout.write(JSON.stringify({ id: question.id, ...reply }) + '\n')
}
