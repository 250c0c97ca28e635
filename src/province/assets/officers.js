// Keeps a form from being sent twice by an impatient hand.
document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("button")) {
        button.disabled = true;
    }
});
// Coming back with the browser's button shows usable forms again.
window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button:disabled")) {
        button.disabled = false;
    }
});
