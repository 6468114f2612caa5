using System.Globalization;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Core.Tests.Access;

/// <summary>In which order waiting logins are proved, and how many may wait.</summary>
public sealed class LoginLineTests
{
    private readonly LoginLine _line = new();

    [Fact]
    public void Addresses_take_turns_whatever_one_of_them_sends()
    {
        for (int i = 0; i < 50; i++)
        {
            Assert.True(_line.TryAdd(Attempt("flood"), 0));
        }

        Assert.True(_line.TryAdd(Attempt("one"), 0));
        Assert.True(_line.TryAdd(Attempt("two"), 0));
        Assert.Equal(["flood", "one", "two", "flood", "flood"], Enumerable.Range(0, 5).Select(_ => _line.Take(0)!.Address));
        Assert.Equal(47, _line.Waiting);
    }

    [Fact]
    public void Who_failed_lately_waits_behind_all_others_for_a_minute()
    {
        _line.OnProved("guesser", proved: false, now: 1000);
        Assert.True(_line.TryAdd(Attempt("guesser"), 1000));
        Assert.True(_line.TryAdd(Attempt("honest"), 1000));
        Assert.True(_line.TryAdd(Attempt("honest"), 1000));
        Assert.True(_line.HasTrusted);
        Assert.Equal(["honest", "honest", "guesser"], Enumerable.Range(0, 3).Select(_ => _line.Take(1000)!.Address));
        Assert.Null(_line.Take(1000));

        Assert.True(_line.TryAdd(Attempt("guesser"), 1000 + LoginLine.SuspectMilliseconds));
        Assert.True(_line.HasTrusted);
    }

    [Fact]
    public void A_login_that_is_proved_clears_the_address()
    {
        _line.OnProved("clumsy", proved: false, now: 0);
        _line.OnProved("clumsy", proved: true, now: 1);
        Assert.True(_line.TryAdd(Attempt("clumsy"), 2));
        Assert.True(_line.HasTrusted);
    }

    [Fact]
    public void So_many_wait_from_one_address_and_from_all_and_no_more()
    {
        for (int i = 0; i < LoginLine.MaxWaitingPerAddress; i++)
        {
            Assert.True(_line.TryAdd(Attempt("one"), 0));
        }

        Assert.False(_line.TryAdd(Attempt("one"), 0));
        for (int i = LoginLine.MaxWaitingPerAddress; i < LoginLine.MaxWaiting; i++)
        {
            Assert.True(_line.TryAdd(Attempt(i.ToString(CultureInfo.InvariantCulture)), 0));
        }

        Assert.False(_line.TryAdd(Attempt("last"), 0));
        Assert.Equal((LoginLine.MaxWaiting, 2), (_line.Waiting, _line.Refused));
    }

    [Fact]
    public void Attempts_of_clients_that_left_are_passed_over()
    {
        LoginAttempt gone = Attempt("a");
        _line.TryAdd(gone, 0);
        _line.TryAdd(Attempt("b"), 0);
        gone.Cancel();
        Assert.Equal("b", _line.Take(0)!.Address);
        Assert.Null(_line.Take(0));
        Assert.Equal(0, _line.Waiting);
    }

    [Fact]
    public void Clients_that_left_take_no_place_from_others()
    {
        LoginAttempt[] attempts = [.. Enumerable.Range(0, LoginLine.MaxWaitingPerAddress).Select(_ => Attempt("a"))];
        Assert.All(attempts, attempt => Assert.True(_line.TryAdd(attempt, 0)));
        Assert.False(_line.TryAdd(Attempt("a"), 0));
        foreach (LoginAttempt attempt in attempts)
        {
            attempt.Cancel();
        }

        Assert.True(_line.TryAdd(Attempt("a"), 0));
        Assert.Equal((1, 1), (_line.Waiting, _line.Refused));
        Assert.NotNull(_line.Take(0));
        Assert.Null(_line.Take(0));
    }

    [Fact]
    public void Very_many_addresses_that_fail_are_not_all_remembered()
    {
        for (int i = 0; i < LoginLine.MaxSuspects * 3; i++)
        {
            _line.OnProved(i.ToString(CultureInfo.InvariantCulture), proved: false, now: 5);
        }

        _line.TryAdd(Attempt("0"), 5);
        Assert.True(_line.HasTrusted);
        Assert.Equal("0", _line.Take(5)!.Address);
        _line.TryAdd(Attempt(((LoginLine.MaxSuspects * 3) - 1).ToString(CultureInfo.InvariantCulture)), 5);
        Assert.False(_line.HasTrusted);
    }

    private static LoginAttempt Attempt(string address) =>
        new(address, null, new PlainSecret("x"), Credentials.Read("{}"u8)!, [], () => { });
}
