// train.js - the page of a training run.
import { element } from "./dom.js";
import { start } from "./start.js";

start((data, main) => main.append(element("p", {}, data.kind)));
