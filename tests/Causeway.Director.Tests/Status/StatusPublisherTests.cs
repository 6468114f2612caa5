using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Director.Tests.Status;

public sealed class StatusPublisherTests : IAsyncLifetime
{
    private static readonly DeploymentView Well = Views.Healthy(Views.Start, "a", "b");
    private readonly FakeTimeProvider _time = new(Views.Start);
    private readonly MemoryDocuments _documents = new();
    private readonly ScriptedDeployment _first = new(Well);
    private readonly ScriptedDeployment _second = new(Well);
    private readonly StatusPublisher _one;
    private readonly StatusPublisher _other;

    public StatusPublisherTests()
    {
        _one = new StatusPublisher(_first, _documents, "one", _time, NullLogger.Instance);
        _other = new StatusPublisher(_second, _documents, "other", _time, NullLogger.Instance);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Directors_that_differ_show_the_same()
    {
        _second.Show(Well.WithDown("b"));
        for (int i = 0; i < 40; i++)
        {
            await LookAsync(_one, _other);
            Assert.Equal(ComponentState.Operational, _one.Current.Worst);
            Assert.Equal(_one.Current.Components, _other.Current.Components);
        }

        Assert.Empty(_other.Current.Log.Incidents);
    }

    [Fact]
    public async Task When_the_one_that_publishes_dies_another_goes_on_with_the_same_incident()
    {
        _first.Show(Well.WithDown("b"));
        _second.Show(Well.WithDown("b"));
        await LookAsync(_one, _other);
        Assert.Equal("", await _one.AnnotateAsync(_one.Current.Log.Open!.Id, "We are on it.", CancellationToken.None));
        for (int i = 0; i < 10; i++)
        {
            await LookAsync(_other);
        }

        _second.Show(Well);
        for (int i = 0; i < 62; i++)
        {
            await LookAsync(_other);
        }

        Incident incident = Assert.Single(_other.Current.Log.Incidents);
        Assert.Contains(incident.Timeline, entry => entry is { IsByOperator: true, Text: "We are on it." });
        Assert.False(incident.IsOpen);
        Assert.Equal(ComponentState.Operational, _other.Current.Worst);
    }

    [Fact]
    public async Task An_annotation_and_the_publisher_that_write_at_once_both_arrive()
    {
        _first.Show(Well.WithDown("b"));
        await LookAsync(_one, _other);
        string id = _one.Current.Log.Open!.Id;
        _first.Show(Well.WithDown("b") with { Alarms = [Views.Alarm(Views.Start, "memory_level", "a-1")] });
        Task<string>? annotation = null;
        _documents.BeforeWrite = name =>
        {
            if (name == "status/incidents" && annotation is null)
            {
                annotation = Task.FromResult("");
                annotation = _other.AnnotateAsync(id, "Written in between.", CancellationToken.None);
            }
        };
        await LookAsync(_one);
        Assert.Equal("", await annotation!);
        await LookAsync(_one);
        Incident incident = Assert.Single(_one.Current.Log.Incidents);
        Assert.Contains(incident.Timeline, entry => entry.Text == "Written in between.");
        Assert.Contains(incident.Timeline, entry => entry.Phase == IncidentPhase.Identified);
    }

    [Fact]
    public async Task Without_its_documents_a_director_shows_its_own_view_and_returns_to_theirs()
    {
        await LookAsync(_one);
        _documents.IsDown = true;
        _first.Show(Well.WithDown("b"));
        await LookAsync(_one);
        Assert.Equal(ComponentState.MajorOutage, _one.Current.Worst);
        Assert.NotNull(_one.Current.Log.Open);
        _documents.IsDown = false;
        for (int i = 0; i < 3; i++)
        {
            await LookAsync(_one, _other);
        }

        Assert.Equal(ComponentState.MajorOutage, _other.Current.Worst);
        Assert.NotNull(_other.Current.Log.Open);
    }

    [Fact]
    public async Task A_lease_from_a_clock_far_ahead_is_not_waited_for()
    {
        FakeTimeProvider ahead = new(Views.Start.AddDays(1));
        await using StatusPublisher wrong = new(_first, _documents, "wrong", ahead, NullLogger.Instance);
        await wrong.LookAsync(CancellationToken.None);
        _second.Show(Well.WithDown("b"));
        await LookAsync(_other);
        Assert.Equal(ComponentState.MajorOutage, _other.Current.Worst);
    }

    [Fact]
    public async Task The_days_are_written_by_one_and_read_by_all()
    {
        for (int i = 0; i < 120; i++)
        {
            await LookAsync(_one, _other);
        }

        long watched = _other.Current.UptimeOf("global")[^1].Watched;
        Assert.InRange(watched, 100_000, 120_000);
        Assert.True(_one.Current.UptimeOf("global")[^1].Watched <= 120_000);
    }

    [Fact]
    public async Task A_day_that_ends_is_complete_and_a_new_one_begins()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 8, 23, 59, 30, TimeSpan.Zero));
        for (int i = 0; i < 60; i++)
        {
            await LookAsync(_one);
        }

        IReadOnlyList<DayUptime> days = _one.Current.UptimeOf("global");
        Assert.InRange(days[^2].Watched, 28_000, 30_000);
        Assert.InRange(days[^1].Watched, 28_000, 30_000);
        Assert.Contains("status/day/2026-03-09", _documents.Names);
    }

    [Theory]
    [InlineData("none", "a text", "there is no such incident")]
    [InlineData("", "   ", "the text has 0 characters, accepted are 1 to 2000")]
    public async Task An_annotation_that_can_not_be_says_why(string id, string text, string problem)
    {
        _first.Show(Well.WithDown("b"));
        await LookAsync(_one);
        Assert.Equal(problem, await _one.AnnotateAsync(id.Length > 0 ? id : _one.Current.Log.Open!.Id, text, CancellationToken.None));
    }

    [Fact]
    public async Task Only_a_region_that_is_gone_can_be_taken_off()
    {
        await LookAsync(_one);
        Assert.Equal("region 'b' still reports; only one that is gone can be taken off the page", await _one.RetireAsync("b", CancellationToken.None));
        _first.Show(Views.Healthy(Views.Start, "a"));
        Assert.Equal("", await _one.RetireAsync("b", CancellationToken.None));
        Assert.Equal(["global", "regional/a"], _one.Current.Components.Select(component => component.Id));
        Assert.Equal("there is no region 'b' on the page", await _one.RetireAsync("b", CancellationToken.None));
    }

    [Fact]
    public async Task Documents_that_can_not_be_read_are_begun_anew()
    {
        Assert.True(await _documents.TryWriteAsync("status/board", "not json"u8.ToArray(), 0, CancellationToken.None));
        await LookAsync(_one);
        Assert.Equal(3, _one.Current.Components.Length);
    }

    private async Task LookAsync(params StatusPublisher[] publishers)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (StatusPublisher publisher in publishers)
        {
            await publisher.LookAsync(CancellationToken.None);
        }
    }
}
