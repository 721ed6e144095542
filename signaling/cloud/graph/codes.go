package graph

import "tring/phone"

// code is what one of Meta's error codes means for people and for a call.
type code struct {
	cause    phone.Cause
	sentence string
	next     string // what to do
}

// codes are all documented codes that a calling line can meet.
var codes = map[int]code{
	0:      {phone.LineDown, "Meta did not accept the access token", "create a new one for a system user"},
	1:      {phone.Failed, "Meta met an unknown error", "try again later"},
	2:      {phone.Failed, "Meta's service is down for a moment", "try again later"},
	3:      {phone.LineDown, "the app lacks a capability", "check its permissions and app review in Meta's dashboard"},
	4:      {phone.RateLimited, "the app has sent too many requests", "wait a while"},
	10:     {phone.LineDown, "the access token lacks a permission", "give it whatsapp_business_messaging and whatsapp_business_management"},
	33:     {phone.LineDown, "the phone number id is wrong, or the number was deleted", "check the id in Meta's dashboard"},
	100:    {phone.Failed, "Meta did not understand a part of the request", "the log has the trace that Meta's support asks for"},
	104:    {phone.LineDown, "Meta did not accept the proof of the token", "check the app secret"},
	190:    {phone.LineDown, "the access token has expired or is wrong", "create a new one for a system user"},
	368:    {phone.Restricted, "the account is restricted for breaking Meta's rules", "see the account's quality page"},
	613:    {phone.RateLimited, "permissions were asked for too often", "wait a second"},
	80007:  {phone.RateLimited, "the business account has sent too many requests", "wait a while"},
	130403: {phone.NotAllowed, "you have blocked this person", "unblock them first"},
	130429: {phone.RateLimited, "messages are going out too fast", "wait a while"},
	130497: {phone.NotAllowed, "this business may not reach people in that country", "ask Meta which countries it may reach"},
	131000: {phone.Failed, "something went wrong at Meta", "try again later"},
	131005: {phone.LineDown, "the access token has no access to this number", "check its permissions"},
	131008: {phone.Failed, "a part of the request is missing", "please report this with the log"},
	131009: {phone.Failed, "a part of the request has a wrong value, or the number's country has no voice call buttons", "see what Meta says of it"},
	131016: {phone.Failed, "Meta's service is not available for a moment", "try again later"},
	131021: {phone.Forbidden, "a number cannot call itself", "call another number"},
	131026: {phone.Unreachable, "it could not be delivered: they are not on WhatsApp, or their app is too old", "reach them another way"},
	131030: {phone.NotAllowed, "a test number may reach only the people on its list", "add them in Meta's dashboard"},
	131031: {phone.Restricted, "the account is locked", "see the account's quality page"},
	131042: {phone.NotAllowed, "there is a problem with the payment method", "check the billing page of the business account"},
	131044: {phone.NotAllowed, "there is no payment method", "add one on the billing page of the business account"},
	131045: {phone.LineDown, "the number is not registered", "register it with its PIN"},
	131047: {phone.NotAllowed, "more than 24 hours have passed since they wrote or called", "send a template instead"},
	131048: {phone.RateLimited, "too many of your messages were reported as spam", "wait, and write to fewer strangers"},
	131049: {phone.RateLimited, "Meta held this message back to keep people's chats healthy", "wait a day"},
	131050: {phone.NotAllowed, "they have opted out of such messages", "reach them another way"},
	131051: {phone.Failed, "this kind of message is not supported", "use a newer version of the Graph API"},
	131052: {phone.Failed, "Meta could not fetch the file", "try again"},
	131053: {phone.Failed, "Meta could not take the file", "check its format and size"},
	131055: {phone.LineDown, "SIP is switched on for this number, which switches Graph calling off", "switch SIP off in the calling settings"},
	131056: {phone.RateLimited, "too many messages to this person in a short time", "wait a while"},
	131057: {phone.LineDown, "the account is being maintained", "try again later"},
	131064: {phone.RateLimited, "too many templates in a short time", "wait a while"},
	132000: {phone.Failed, "the template has another number of parameters", "give one --fill for each of its gaps"},
	132001: {phone.Failed, "there is no such template in that language, or it is not approved", "check its name and language in WhatsApp Manager"},
	132005: {phone.Failed, "the template's text became too long", "fill it with shorter texts"},
	132007: {phone.Failed, "the template breaks Meta's rules", "change it in WhatsApp Manager"},
	132012: {phone.Failed, "a parameter of the template has a wrong format", "see its samples in WhatsApp Manager"},
	132015: {phone.Failed, "the template is paused for its low quality", "change it"},
	132016: {phone.Failed, "the template is disabled for its low quality", "make another"},
	133010: {phone.LineDown, "the number is not registered", "register it with its PIN"},

	138000: {phone.LineDown, "calling is not enabled on this number", "enable it in the calling settings"},
	138001: {phone.Unreachable, "they cannot be called: not on WhatsApp, or on a device that takes no calls", "write to them instead"},
	138002: {phone.RateLimited, "the number has too many calls at once", "wait until one has ended"},
	138003: {phone.Busy, "a call with this person is in progress", "end that call first"},
	138004: {phone.Failed, "the call could not be connected", "try again"},
	138005: {phone.RateLimited, "the number has placed too many calls today", "wait until tomorrow"},
	138006: {phone.NotAllowed, "they have not allowed this business to call", "ask them for permission first"},
	138007: {phone.NoAnswer, "nobody accepted the call in time", "try again later"},
	138008: {phone.Incompatible, "Meta refused our session description", "please report this with the log"},
	138009: {phone.RateLimited, "they were asked for permission already: once a day and twice a week", "wait"},
	138010: {phone.Failed, "Meta refused the call with code 138010, which it does not explain", "try again later, and report it with the log"},
	138011: {phone.NotAllowed, "there was no conversation with this person yet", "write to them first"},
	138012: {phone.RateLimited, "they were called too often within 24 hours", "wait until tomorrow"},
	138013: {phone.NotAllowed, "calls by the business are not available for this number, mostly because of its country", "ask them to call you"},
	138014: {phone.Restricted, "Meta has switched calling off for this number for a while", "see the restriction in the calling settings"},
	138015: {phone.LineDown, "calling cannot be enabled: the messaging limit is below 2,000 people a day", "verify the business"},
	138016: {phone.Failed, "Meta refused the call with code 138016, which it does not explain", "try again later, and report it with the log"},
	138017: {phone.Failed, "they have allowed calls for good already", "just call"},
	138018: {phone.LineDown, "calling cannot be enabled yet", "subscribe the app to the webhook field calls and switch SIP off"},
	138019: {phone.MediaTimeout, "the call could not be set up", "see whether UDP may leave this network"},
	138020: {phone.MediaTimeout, "Meta's relay failed", "try again"},
	138021: {phone.MediaTimeout, "no sound from here reached Meta", "see whether UDP may leave this network"},
	138022: {phone.MediaTimeout, "the sound could not be sent to this computer", "see whether UDP may enter this network"},
	138023: {phone.MediaTimeout, "the call was accepted, but its sound could not be secured", "see whether UDP may leave this network"},
}

// alreadyOver are words with which Meta says that there is nothing left to end.
var alreadyOver = []string{"already", "terminated", "ended", "completed", "not found", "no longer", "invalid call"}
