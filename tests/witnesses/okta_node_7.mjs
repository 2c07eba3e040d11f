// Witness: the official SDK for Node.js, 7.x.
import { play } from "./node_scenario.mjs";

await play();
