using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Tests.Subjects;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Access;

/// <summary>Permissions against a model on strings that asks every subject there is.</summary>
public sealed class PermissionsModelTests
{
    private static readonly string[] Tokens = ["a", "b", "c", "aa", "x*", "a>"];

    private static readonly string[] AllSubjects =
        [.. Tokens, .. from one in Tokens from two in Tokens select $"{one}.{two}", .. from one in Tokens from two in Tokens from three in Tokens select $"{one}.{two}.{three}"];

    [Fact]
    public void Publishing_follows_the_model()
    {
        Gen.Select(SubjectGen.Any.List[0, 4], SubjectGen.Any.List[0, 4], Gen.Bool, SubjectGen.Published).Sample(
            (allow, deny, limited, subject) =>
            {
                Permissions permissions = new()
                {
                    PublishAllow = limited ? new SubjectSet(allow) : null,
                    PublishDeny = new SubjectSet(deny),
                };
                bool expected = (!limited || allow.Any(entry => NaiveSubject.Matches(entry, subject))) && !deny.Any(entry => NaiveSubject.Matches(entry, subject));
                Assert.Equal(expected, permissions.MayPublish(Encoding.UTF8.GetBytes(subject)));
            },
            iter: 20_000);
    }

    [Fact]
    public void What_is_delivered_by_a_subscription_that_is_allowed_is_allowed_itself()
    {
        Gen.Select(SubjectGen.Any.List[0, 4], SubjectGen.Any.List[0, 4], Gen.Bool, SubjectGen.Any).Sample(
            (allow, deny, limited, wanted) =>
            {
                Permissions permissions = new()
                {
                    SubscribeAllow = limited ? [.. allow.Select(entry => new SubscribeRule(entry))] : null,
                    SubscribeDeny = [.. deny.Select(entry => new SubscribeRule(entry))],
                };
                byte[] pattern = Encoding.UTF8.GetBytes(wanted);
                if (!permissions.MaySubscribe(pattern, default))
                {
                    return;
                }

                bool filters = NaiveSubject.IsPattern(wanted) && permissions.FiltersWithin(pattern);
                foreach (string subject in AllSubjects.Where(subject => NaiveSubject.Matches(wanted, subject)))
                {
                    bool denied = deny.Any(entry => NaiveSubject.Matches(entry, subject));
                    bool delivered = !filters || permissions.MayReceive(Encoding.UTF8.GetBytes(subject));
                    Assert.True(!limited || allow.Any(entry => NaiveSubject.Matches(entry, subject)), $"{subject} is not allowed");
                    Assert.True(delivered == !denied, $"{subject} delivered: {delivered}, denied: {denied}");
                }
            },
            iter: 5_000);
    }
}
