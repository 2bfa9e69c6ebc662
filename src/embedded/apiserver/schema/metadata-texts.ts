/** What `kubectl explain` says of the fields that all objects have; custom resources bring their other texts along. */
export const METADATA_TEXTS: Readonly<Record<string, string>> = {
  name: "Name is unique among objects of the same kind in one namespace, and cannot be changed.",
  generateName: "GenerateName is a prefix that the server completes to a name when none is given.",
  namespace: "Namespace is where the object lives; empty for objects that live in none.",
  uid: "UID is unique in time and space; the server gives it.",
  resourceVersion: "ResourceVersion changes with every change of the object.",
  generation: "Generation counts the changes of what is wanted.",
  creationTimestamp: "CreationTimestamp is a timestamp of when the server stored the object first.",
  deletionTimestamp:
    "DeletionTimestamp is when the object is to be gone, once its deletion is requested.",
  deletionGracePeriodSeconds: "DeletionGracePeriodSeconds is how long it may take to end in order.",
  labels: "Labels are what objects are selected by.",
  annotations: "Annotations are notes of tools, which nothing selects by.",
  ownerReferences: "OwnerReferences are the objects without which this one is deleted.",
  finalizers: "Finalizers have to be removed, each by its owner, before a deleted object goes.",
  managedFields: "ManagedFields say who has set which field.",
};
