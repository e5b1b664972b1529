#!/usr/bin/env node
"use strict";
require("../launcher.js")("awsbadge");
