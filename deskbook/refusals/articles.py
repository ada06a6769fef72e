"""What is refused about articles, and to those who judge them, in words."""

SENTENCES = {
    "audience": "An article is for everybody, for requesters or for agents.",
    "captcha expired": "The page was open too long: send it again.",
    "captcha missing": "The check that you are no program was not done: send it again.",
    "captcha used": "This was sent already. To send something else, send it again.",
    "captcha wrong": "The check that you are no program failed: send it again.",
    "facet": "The book has no {facet} “{value}”.",
    "helpful": "Say first whether the article helped.",
    "language": "Choose one of the languages Deskbook speaks.",
    "language there": "The article is there in this language already: edit that text.",
    "large picture": "“{name}” is larger than 1 MB: make it smaller, phones load it.",
    "long body": (
        "The article has {length} characters; at most {most} fit. Make two articles of it."
    ),
    "long keywords": "At most {most} characters of keywords fit.",
    "long title": "A title has at most {most} characters: shorten it.",
    "many pictures": "An article has at most {most} pictures.",
    "many votes": "Many answers came from your address today: try again tomorrow.",
    "no body": "Write the article first.",
    "no picture": "“{name}” is no PNG, JPEG, GIF or WebP picture: save it as one of them.",
    "no reason": "Say what should be changed.",
    "no such version": "There is no such version of this article.",
    "no title: article": "Give the article a title: people look for it.",
    "not proposed": "This version is not up for review any more: read the newest one.",
    "not published": "The article is not published.",
    "not published: no address": "An article gets its address when it is published.",
    "not published: taken back": "This article was taken back. Thank you all the same.",
    "nothing new": "This version is published already: there is nothing to review.",
    "own article": "You wrote this version: another person reads and publishes it.",
    "reviewed already: published": (
        "{who} was first and published it: this version needs no review."
    ),
    "reviewed already: sent back": (
        "{who} was first and sent it back: this version needs no review."
    ),
    "slug taken": "The address “{slug}” belongs to another article. Choose another.",
    "wider audience": (
        "More people would read what is published, and that takes a second person: take the "
        "article back, change who it is for, and propose it again."
    ),
    "words too long": "At most {most} characters fit: shorten it.",
}
