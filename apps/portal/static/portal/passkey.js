/* Passkeys: the one thing on our pages that needs a script, because the browser makes them.
 * Forms that cannot work without it are hidden until it runs. Nothing is stored or sent elsewhere. */

(function () {
  'use strict'

  const byId = (id) => document.getElementById(id)
  const credentials = window.webauthnJSON

  function options () {
    return JSON.parse(byId('passkey-options').textContent)
  }

  function creation () {
    const wanted = options().creation_options
    const choice = byId('id_passwordless')
    if (choice && choice.checked) {
      Object.assign(wanted.publicKey.authenticatorSelection, {
        residentKey: 'required', requireResidentKey: true, userVerification: 'required'
      })
    }
    return credentials.create(wanted)
  }

  async function login () {
    const answer = await fetch(byId('passkey-login').action, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error('no challenge')
    return credentials.get((await answer.json()).request_options)
  }

  function wire (name, ceremony) {
    const form = byId(name)
    if (!form || !credentials || !credentials.supported()) return
    form.hidden = false
    form.addEventListener('submit', async function (event) {
      event.preventDefault()
      byId('passkey-trouble').hidden = true
      try {
        const credential = await ceremony()
        const field = byId('passkey-credential') || byId('id_credential')
        field.value = JSON.stringify(credential)
        form.submit()
      } catch (_refused) {
        byId('passkey-trouble').hidden = false
      }
    })
  }

  wire('passkey-login', login)
  wire('passkey-add', creation)
  wire('passkey-prove', () => credentials.get(options().request_options))
})()
