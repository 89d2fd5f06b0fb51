# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Who may work in a section: by their role in the office, by a section above, and here."""

from flask import flash, redirect, request, url_for
from flask_admin import expose
from peewee import prefetch

from ....models import Share, User, UserRole, utc_now
from ....procedure.words import LocalRole
from ...access import Permission, may
from ...acts import content
from ..base import Answer, Desk, alphabetical, done, found, invalid, person, refused_status
from .forms import ShareForm
from .place import Place, place, titles


class SharingPages(Desk):
    """Pages of the desk for access to a section."""

    @expose("/<int:id>/share/", methods=("GET", "POST"))
    def share(self, id: int) -> Answer:
        """Who may work here; let somebody else in."""
        here, form = place(id, LocalRole.APPROVER), ShareForm()
        if request.method == "GET":
            return self._share_page(here, form)
        if not invalid(form):
            user = found(User, request.form.get("person", 0, type=int))
            role = LocalRole(form.role.data)
            if done(lambda: content.share(here.node, user, role, by=person(), on=utc_now())):
                flash(f"Доступ открыт: {user.full_name}.", "success")
                return redirect(url_for(".share", id=id))
        return self._share_page(here, form), refused_status(form)

    @expose("/<int:id>/share/<int:user>/remove/", methods=("POST",))
    def unshare(self, id: int, user: int) -> Answer:
        """Take away what was given here."""
        here, whom = place(id, LocalRole.APPROVER), found(User, user)
        if done(lambda: content.unshare(here.node, whom, by=person(), on=utc_now())):
            flash(f"Доступ закрыт: {whom.full_name}.", "success")
            return redirect(url_for(".share", id=id))
        return self._share_page(here, ShareForm(formdata=None)), 409

    def _share_page(self, here: Place, form: ShareForm) -> str:
        chain = here.node.chain()
        shares = list(Share.select(Share, User).join(User).where(Share.node.in_(chain)).order_by(alphabetical(User.full_name)))
        everybody = prefetch(User.select().where(User.active).order_by(alphabetical(User.full_name)), UserRole.select())
        by_role = [user for user in everybody if may(user, Permission.EDIT_CONTENT)]
        restricted = any(step.restricted for step in chain)
        form.person.choices = [(str(user.id), user.full_name) for user in everybody]
        return self.render(
            "desk/content/share.html",
            here=here,
            form=form,
            own=[share for share in shares if share.node_id == here.node.id],
            inherited=[share for share in shares if share.node_id != here.node.id],
            names=titles(step.id for step in chain),
            by_role=[user for user in by_role if not restricted or may(user, Permission.GOVERN_SECTIONS)],
            restricted=restricted,
            role_of=lambda share: LocalRole(share.role).label,
        )
