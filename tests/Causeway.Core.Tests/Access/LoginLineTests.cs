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
            Assert.True(Add(Attempt("flood"), 0));
        }

        Assert.True(Add(Attempt("one"), 0));
        Assert.True(Add(Attempt("two"), 0));
        Assert.Equal(["flood", "one", "two", "flood", "flood"], Enumerable.Range(0, 5).Select(_ => _line.Take(0)!.Address));
        Assert.Equal(47, _line.Waiting);
    }

    [Fact]
    public void Who_failed_lately_waits_behind_all_others_for_a_minute()
    {
        _line.OnProved("guesser", proved: false, now: 1000);
        Assert.True(Add(Attempt("guesser"), 1000));
        Assert.True(Add(Attempt("honest"), 1000));
        Assert.True(Add(Attempt("honest"), 1000));
        Assert.True(_line.HasTrusted);
        Assert.Equal(["honest", "honest", "guesser"], Enumerable.Range(0, 3).Select(_ => _line.Take(1000)!.Address));
        Assert.Null(_line.Take(1000));

        Assert.True(Add(Attempt("guesser"), 1000 + LoginLine.SuspectMilliseconds));
        Assert.True(_line.HasTrusted);
    }

    [Fact]
    public void A_login_that_is_proved_clears_the_address()
    {
        _line.OnProved("clumsy", proved: false, now: 0);
        _line.OnProved("clumsy", proved: true, now: 1);
        Assert.True(Add(Attempt("clumsy"), 2));
        Assert.True(_line.HasTrusted);
    }

    [Fact]
    public void Whoever_has_most_places_makes_room_for_others_and_nobody_else_does()
    {
        LoginAttempt[] flood = [.. Enumerable.Range(0, LoginLine.MaxWaiting).Select(_ => Attempt("flood"))];
        Assert.All(flood, attempt => Assert.True(Add(attempt)));
        Assert.False(Add(Attempt("flood")));
        Assert.True(_line.TryAdd(Attempt("one"), 0, out LoginAttempt? displaced));
        Assert.Same(flood[^1], displaced);
        Assert.True(_line.TryAdd(Attempt("one"), 0, out displaced));
        Assert.Same(flood[^2], displaced);
        Assert.Equal((LoginLine.MaxWaiting, 3), (_line.Waiting, _line.Refused));
        Assert.Equal(["flood", "one", "flood", "one", "flood"], Enumerable.Range(0, 5).Select(_ => _line.Take(0)!.Address));
    }

    [Fact]
    public void Places_are_shared_by_all_and_each_gets_as_many_as_the_others()
    {
        for (int i = 0; i < LoginLine.MaxWaiting; i++)
        {
            Assert.True(Add(Attempt((i / 2).ToString(CultureInfo.InvariantCulture))));
        }

        Assert.True(Add(Attempt("late")));
        Assert.False(Add(Attempt("late")));
        Assert.False(Add(Attempt("7")));
        Assert.Equal(LoginLine.MaxWaiting, _line.Waiting);
    }

    [Fact]
    public void Suspects_make_room_first_however_few_places_they_have()
    {
        _line.OnProved("guesser", proved: false, now: 0);
        LoginAttempt guess = Attempt("guesser");
        Assert.True(Add(guess));
        for (int i = 1; i < LoginLine.MaxWaiting; i++)
        {
            Assert.True(Add(Attempt("many")));
        }

        Assert.True(_line.TryAdd(Attempt("many"), 0, out LoginAttempt? displaced));
        Assert.Same(guess, displaced);
        Assert.False(Add(Attempt("guesser")));
    }

    [Fact]
    public void Attempts_of_clients_that_left_are_passed_over()
    {
        LoginAttempt gone = Attempt("a");
        Add(gone, 0);
        Add(Attempt("b"), 0);
        gone.Cancel();
        Assert.Equal("b", _line.Take(0)!.Address);
        Assert.Null(_line.Take(0));
        Assert.Equal(0, _line.Waiting);
    }

    [Fact]
    public void Clients_that_left_take_no_place_from_others()
    {
        LoginAttempt[] attempts = [.. Enumerable.Range(0, LoginLine.MaxWaiting).Select(_ => Attempt("a"))];
        Assert.All(attempts, attempt => Assert.True(Add(attempt, 0)));
        Assert.False(Add(Attempt("a"), 0));
        foreach (LoginAttempt attempt in attempts)
        {
            attempt.Cancel();
        }

        Assert.True(Add(Attempt("a"), 0));
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

        Add(Attempt("0"), 5);
        Assert.True(_line.HasTrusted);
        Assert.Equal("0", _line.Take(5)!.Address);
        Add(Attempt(((LoginLine.MaxSuspects * 3) - 1).ToString(CultureInfo.InvariantCulture)), 5);
        Assert.False(_line.HasTrusted);
    }

    private bool Add(LoginAttempt attempt, long now = 0) => _line.TryAdd(attempt, now, out _);

    private static LoginAttempt Attempt(string address) =>
        new(address, null, new PlainSecret("x"), Credentials.Read("{}"u8)!, [], () => { });
}
