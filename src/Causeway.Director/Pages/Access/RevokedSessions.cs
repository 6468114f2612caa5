using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Causeway.Director.Status;

namespace Causeway.Director.Pages.Access;

/// <summary>The logins that were ended before their time, as all directors know them. Thread-safe.</summary>
internal sealed class RevokedSessions(IStatusDocuments documents, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly StoredDocument<RevokedList> _stored = new(documents, "ops/revoked", PagesJson.Default.RevokedList, RevokedList.Empty);
    private ImmutableDictionary<string, DateTimeOffset> _known = ImmutableDictionary<string, DateTimeOffset>.Empty;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>True if the login <paramref name="id"/> was ended. While the documents can't be reached, what was known before counts.</summary>
    public async ValueTask<bool> ContainsAsync(string id, CancellationToken cancel)
    {
        TimeSpan age = time.GetUtcNow() - _readAt;
        if (age > PagesLimits.MaxRevokedAge || age < TimeSpan.Zero)
        {
            await ReadAsync(cancel).ConfigureAwait(false);
        }

        return _known.ContainsKey(id);
    }

    /// <summary>Ends <paramref name="session"/> on all directors.</summary>
    public async Task AddAsync(OperatorSession session, CancellationToken cancel)
    {
        _known = _known.SetItem(session.Id, session.EndsAt);
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            for (int i = 0; i < StatusLimits.MaxWriteTries; i++)
            {
                await _stored.ReadAsync(cancel).ConfigureAwait(false);
                RevokedList list = _stored.Value.With(session, time.GetUtcNow());
                if (await _stored.TryWriteAsync(list, cancel).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask ReadAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _readAt = time.GetUtcNow();
            await _stored.ReadAsync(cancel).ConfigureAwait(false);
            _known = _stored.Value.Sessions.SetItems(_known.Where(pair => pair.Value > _readAt));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // What is known goes on to count; the publisher of the status page logs that the documents can't be reached.
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>The stored form: ends by login. Immutable.</summary>
internal sealed record RevokedList(ImmutableDictionary<string, DateTimeOffset> Sessions)
{
    public static readonly RevokedList Empty = new(ImmutableDictionary<string, DateTimeOffset>.Empty);

    public RevokedList With(OperatorSession session, DateTimeOffset now) => new(Sessions
        .Where(pair => pair.Value > now).OrderByDescending(pair => pair.Value).Take(PagesLimits.MaxRevokedSessions - 1)
        .ToImmutableDictionary().SetItem(session.Id, session.EndsAt));
}

/// <summary>How the pages' own documents are stored.</summary>
[JsonSerializable(typeof(RevokedList))]
internal sealed partial class PagesJson : JsonSerializerContext;
