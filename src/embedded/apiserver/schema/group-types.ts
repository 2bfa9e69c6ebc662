/** Everything else: slices, leases, events, networking, RBAC, reviews. The notation is explained in `type-table.ts`. */
export const GROUP_TYPES = `
EndpointSlice: 1 metadata:ObjectMeta, 4 addressType, 2 endpoints*Endpoint, 3 ports*SlicePort
Endpoint: 1 addresses*, 2 conditions:EndpointConditions, 3 hostname, 4 targetRef:ObjectReference,
  5 deprecatedTopology%, 6 nodeName, 7 zone, 8 hints:EndpointHints
SlicePort: 1 name, 2 protocol, 3 port:int, 4 appProtocol
EndpointConditions: 1 ready:bool, 2 serving:bool, 3 terminating:bool
EndpointHints: 1 forZones*ForZone, 2 forNodes*ForNode
ForZone: 1 name
ForNode: 1 name
Lease: 1 metadata:ObjectMeta, 2 spec:LeaseSpec
LeaseSpec: 1 holderIdentity, 2 leaseDurationSeconds:int, 3 acquireTime:MicroTime,
  4 renewTime:MicroTime, 5 leaseTransitions:int, 6 strategy, 7 preferredHolder
EventsEvent: 1 metadata:ObjectMeta, 2 eventTime:MicroTime, 3 series:EventsEventSeries,
  4 reportingController, 5 reportingInstance, 6 action, 7 reason, 8 regarding:ObjectReference,
  9 related:ObjectReference, 10 note, 11 type, 12 deprecatedSource:EventSource,
  13 deprecatedFirstTimestamp:Time, 14 deprecatedLastTimestamp:Time, 15 deprecatedCount:int
EventsEventSeries: 1 count:int, 2 lastObservedTime:MicroTime
Ingress: 1 metadata:ObjectMeta, 2 spec:IngressSpec, 3 status:IngressStatus
NetworkPolicy: 1 metadata:ObjectMeta, 2 spec:NetworkPolicySpec
IngressSpec: 4 ingressClassName, 1 defaultBackend:IngressBackend, 2 tls*IngressTLS,
  3 rules*IngressRule
IngressStatus: 1 loadBalancer:IngressLoadBalancerStatus
NetworkPolicySpec: 1 podSelector:LabelSelector, 2 ingress*NetworkPolicyIngressRule,
  3 egress*NetworkPolicyEgressRule, 4 policyTypes*
IngressBackend: 4 service:IngressServiceBackend, 3 resource:TypedLocalObjectReference
IngressTLS: 1 hosts*, 2 secretName
IngressRule: 1 host, 2 ingressRuleValue~IngressRuleValue
IngressLoadBalancerStatus: 1 ingress*IngressLoadBalancerIngress
NetworkPolicyIngressRule: 1 ports*NetworkPolicyPort, 2 from*NetworkPolicyPeer
NetworkPolicyEgressRule: 1 ports*NetworkPolicyPort, 2 to*NetworkPolicyPeer
IngressServiceBackend: 1 name, 2 port:ServiceBackendPort
IngressRuleValue: 1 http:HTTPIngressRuleValue
IngressLoadBalancerIngress: 1 ip, 2 hostname, 4 ports*IngressPortStatus
NetworkPolicyPort: 1 protocol, 2 port:IntOrString, 3 endPort:int
NetworkPolicyPeer: 1 podSelector:LabelSelector, 2 namespaceSelector:LabelSelector,
  3 ipBlock:IPBlock
ServiceBackendPort: 1 name, 2 number:int
HTTPIngressRuleValue: 1 paths*HTTPIngressPath
IngressPortStatus: 1 port:int, 2 protocol, 3 error
IPBlock: 1 cidr, 2 except*
HTTPIngressPath: 1 path, 3 pathType, 2 backend:IngressBackend
Role: 1 metadata:ObjectMeta, 2 rules*PolicyRule
RoleBinding: 1 metadata:ObjectMeta, 2 subjects*Subject, 3 roleRef:RoleRef
ClusterRole: 1 metadata:ObjectMeta, 2 rules*PolicyRule, 3 aggregationRule:AggregationRule
ClusterRoleBinding: 1 metadata:ObjectMeta, 2 subjects*Subject, 3 roleRef:RoleRef
PolicyRule: 1 verbs*, 2 apiGroups*, 3 resources*, 4 resourceNames*, 5 nonResourceURLs*
Subject: 1 kind, 2 apiGroup, 3 name, 4 namespace
RoleRef: 1 apiGroup, 2 kind, 3 name
AggregationRule: 1 clusterRoleSelectors*LabelSelector
FlowSchema: 1 metadata:ObjectMeta, 2 spec:FlowSchemaSpec, 3 status:FlowSchemaStatus
FlowSchemaSpec: 1 priorityLevelConfiguration:NamedReference, 2 matchingPrecedence:int,
  3 distinguisherMethod:FlowDistinguisherMethod, 4 rules*FlowRule
FlowDistinguisherMethod: 1 type
FlowRule: 1 subjects*FlowSubject, 2 resourceRules*FlowResourceRule,
  3 nonResourceRules*FlowNonResourceRule
FlowSubject: 1 kind, 2 user:NamedReference, 3 group:NamedReference,
  4 serviceAccount:FlowServiceAccount
FlowServiceAccount: 1 namespace, 2 name
NamedReference: 1 name
FlowResourceRule: 1 verbs*, 2 apiGroups*, 3 resources*, 4 clusterScope:bool, 5 namespaces*
FlowNonResourceRule: 1 verbs*, 6 nonResourceURLs*
FlowSchemaStatus: 1 conditions*FlowCondition
FlowCondition: 1 type, 2 status, 3 lastTransitionTime:Time, 4 reason, 5 message
PriorityLevelConfiguration: 1 metadata:ObjectMeta, 2 spec:PriorityLevelSpec,
  3 status:FlowSchemaStatus
PriorityLevelSpec: 1 type, 2 limited:LimitedPriorityLevel, 3 exempt:ExemptPriorityLevel
LimitedPriorityLevel: 1 nominalConcurrencyShares:int, 2 limitResponse:LimitResponse,
  3 lendablePercent:int, 4 borrowingLimitPercent:int
ExemptPriorityLevel: 1 nominalConcurrencyShares:int, 2 lendablePercent:int
LimitResponse: 1 type, 2 queuing:QueuingConfiguration
QueuingConfiguration: 1 queues:int, 2 handSize:int, 3 queueLengthLimit:int
RuntimeClass: 1 metadata:ObjectMeta, 2 handler, 3 overhead:Overhead, 4 scheduling:Scheduling
Overhead: 1 podFixed%Quantity
Scheduling: 1 nodeSelector%, 2 tolerations*Toleration
PriorityClass: 1 metadata:ObjectMeta, 2 value:int, 3 globalDefault:bool, 4 description,
  5 preemptionPolicy
StorageClass: 1 metadata:ObjectMeta, 2 provisioner, 3 parameters%, 4 reclaimPolicy,
  5 mountOptions*, 6 allowVolumeExpansion:bool, 7 volumeBindingMode,
  8 allowedTopologies*TopologySelectorTerm
SelfSubjectAccessReview: 1 metadata:ObjectMeta, 2 spec:SelfSubjectAccessReviewSpec,
  3 status:SubjectAccessReviewStatus
SubjectAccessReview: 1 metadata:ObjectMeta, 2 spec:SubjectAccessReviewSpec,
  3 status:SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec: 1 resourceAttributes:ResourceAttributes,
  2 nonResourceAttributes:NonResourceAttributes
SubjectAccessReviewStatus: 1 allowed:bool, 4 denied:bool, 2 reason, 3 evaluationError
SubjectAccessReviewSpec: 1 resourceAttributes:ResourceAttributes,
  2 nonResourceAttributes:NonResourceAttributes, 3 user, 4 groups*, 5 extra%ExtraValue, 6 uid
ResourceAttributes: 1 namespace, 2 verb, 3 group, 4 version, 5 resource, 6 subresource, 7 name,
  8 fieldSelector:FieldSelectorAttributes, 9 labelSelector:LabelSelectorAttributes
NonResourceAttributes: 1 path, 2 verb
FieldSelectorAttributes: 1 rawSelector, 2 requirements*FieldSelectorRequirement
LabelSelectorAttributes: 1 rawSelector, 2 requirements*LabelSelectorRequirement
SelfSubjectRulesReview: 1 metadata:ObjectMeta, 2 spec:SelfSubjectRulesReviewSpec,
  3 status:SubjectRulesReviewStatus
LocalSubjectAccessReview: 1 metadata:ObjectMeta, 2 spec:SubjectAccessReviewSpec,
  3 status:SubjectAccessReviewStatus
SelfSubjectRulesReviewSpec: 1 namespace
SubjectRulesReviewStatus: 1 resourceRules*ResourceRule, 2 nonResourceRules*NonResourceRule,
  3 incomplete:bool, 4 evaluationError
ResourceRule: 1 verbs*, 2 apiGroups*, 3 resources*, 4 resourceNames*
NonResourceRule: 1 verbs*, 2 nonResourceURLs*
TokenReview: 1 metadata:ObjectMeta, 2 spec:TokenReviewSpec, 3 status:TokenReviewStatus
TokenReviewSpec: 1 token, 2 audiences*
TokenReviewStatus: 1 authenticated:bool, 2 user:UserInfo, 4 audiences*, 3 error
SelfSubjectReview: 1 metadata:ObjectMeta, 2 status:SelfSubjectReviewStatus
TokenRequest: 1 metadata:ObjectMeta, 2 spec:TokenRequestSpec, 3 status:TokenRequestStatus
SelfSubjectReviewStatus: 1 userInfo:UserInfo
TokenRequestSpec: 1 audiences*, 4 expirationSeconds:int, 3 boundObjectRef:BoundObjectReference
TokenRequestStatus: 1 token, 2 expirationTimestamp:Time
CertificateSigningRequest: 1 metadata:ObjectMeta, 2 spec:CertificateSigningRequestSpec,
  3 status:CertificateSigningRequestStatus
CertificateSigningRequestSpec: 1 request:bytes, 7 signerName, 8 expirationSeconds:int, 5 usages*,
  2 username, 3 uid, 4 groups*, 6 extra%ExtraValue
CertificateSigningRequestStatus: 1 conditions*CertificateSigningRequestCondition,
  2 certificate:bytes
CertificateSigningRequestCondition: 1 type, 6 status, 2 reason, 3 message, 4 lastUpdateTime:Time,
  5 lastTransitionTime:Time
UserInfo: 1 username, 2 uid, 3 groups*, 4 extra%ExtraValue
BoundObjectReference: 1 kind, 2 apiVersion, 3 name, 4 uid
`;
