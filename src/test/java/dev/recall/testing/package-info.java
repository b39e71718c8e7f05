/** What tests are set up with: nodes, callers, and what an answer must be. */
package dev.recall.testing;
