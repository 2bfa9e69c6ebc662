#!/usr/bin/env node
// What a pod of a load from inside the cluster runs; the image has a Node that it can run on.
import "../dist/src/load-worker.js";
