using Causeway.Core.Interest;
using Causeway.Core.Memory;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Interest;

/// <summary>The table beside a dictionary with reference counts, and peers that know it only by its walks.</summary>
public sealed class InterestTableModelTests
{
    private static readonly Gen<(int Kind, int Number)> Step = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 600]);

    [Fact]
    public void A_table_behaves_like_a_dictionary_and_its_walks_tell_all() =>
        Step.List[0, 3000].Sample(steps =>
        {
            ModelTable model = new(maxTombstones: 150);
            foreach ((int kind, int number) in steps)
            {
                model.Apply(kind, number);
            }

            model.Check();
            model.RemoveAll();
        }, iter: 300);

    private sealed class ModelTable : IInterestListener
    {
        private readonly MemoryAccount _account = TestInterest.NewAccount();
        private readonly InterestTable _table;
        private readonly Dictionary<int, int> _literals = [];
        private readonly Dictionary<int, int> _texts = [];
        private readonly HashSet<ulong> _heardLiterals = [];
        private readonly HashSet<InterestText> _heardTexts = [];
        private readonly Peer[] _peers = [new(), new(), new()];
        private readonly long _maxTombstones;

        public ModelTable(long maxTombstones)
        {
            _maxTombstones = maxTombstones;
            _table = new InterestTable(TestInterest.Key, 1, _account, this, maxTombstones);
        }

        public void OnLiteral(ulong fingerprint, bool present) =>
            Assert.True(present ? _heardLiterals.Add(fingerprint) : _heardLiterals.Remove(fingerprint));

        public void OnText(InterestText text, bool present) => Assert.True(present ? _heardTexts.Add(text) : _heardTexts.Remove(text));

        public void Apply(int kind, int number)
        {
            switch (kind)
            {
                case < 7:
                    Assert.Equal(Count(_literals, number, 1), _table.AddLiteral(TestInterest.Literal(number)));
                    break;
                case < 12:
                    Assert.Equal(Count(_literals, number, -1), _table.RemoveLiteral(TestInterest.Literal(number)));
                    break;
                case < 15:
                    Assert.Equal(Count(_texts, number % 90, 1), _table.AddText(TestInterest.Text(number % 90)));
                    break;
                case < 17:
                    Assert.Equal(Count(_texts, number % 90, -1), _table.RemoveText(TestInterest.Text(number % 90)));
                    break;
                case 17 when number % 10 == 0:
                    _peers[number % 3].Leave(_table);
                    break;
                default:
                    if (number % 8 == 0)
                    {
                        _peers[number % 3].Learn(_table);
                    }

                    break;
            }

            Assert.Equal(_table.MemoryBytes, _account.BytesOf(MemoryUse.Interest));
            Assert.InRange(_table.Tombstones, 0, _maxTombstones + 64);
        }

        public void Check()
        {
            foreach (Peer peer in _peers)
            {
                peer.Learn(_table);
                Assert.Equal(_literals.Keys.Select(number => TestInterest.Literal(number)).Order(), peer.Literals.Order());
                Assert.Equal(_texts.Keys.Select(number => TestInterest.Text(number)).ToHashSet(), peer.Texts);
            }

            Assert.Equal(_heardLiterals.Order(), TestInterest.Literals(_table));
            Assert.Equal(_heardTexts, TestInterest.Texts(_table).ToHashSet());
            Assert.Equal(_literals.Count, _table.Literals);
            Assert.Equal(_texts.Count, _table.Texts);
            Assert.All(Enumerable.Range(0, 600), number =>
                Assert.Equal(_literals.ContainsKey(number), _table.Contains(TestInterest.Literal(number))));
            RangeDigest digest = default;
            foreach (ulong literal in _heardLiterals)
            {
                digest.Add(literal);
            }

            Assert.Equal(digest, _table.DigestOf(0, InterestPosition.LiteralEnd));
            Assert.Equal(0, _table.Tombstones);
        }

        public void RemoveAll()
        {
            while (_table.RemoveSome(7))
            {
            }

            Assert.Empty(_heardLiterals);
            Assert.Empty(_heardTexts);
            foreach (Peer peer in _peers)
            {
                peer.Leave(_table);
            }

            Assert.Equal(0, _table.Tombstones);
            Assert.Equal(0, _account.Bytes);
        }

        /// <summary>Counts in the model; true if that is a transition.</summary>
        private static bool Count(Dictionary<int, int> model, int number, int change)
        {
            int before = model.GetValueOrDefault(number);
            int after = Math.Max(0, before + change);
            model[number] = after;
            if (after == 0)
            {
                model.Remove(number);
            }

            return before == 0 != (after == 0);
        }
    }

    /// <summary>A link's other end that learns by delta walks while its cursor holds, else anew.</summary>
    private sealed class Peer
    {
        private InterestCursor? _cursor;

        public HashSet<ulong> Literals { get; } = [];

        public HashSet<InterestText> Texts { get; } = [];

        public void Leave(InterestTable table)
        {
            if (_cursor is not null)
            {
                table.Release(_cursor);
                _cursor = null;
            }
        }

        public void Learn(InterestTable table)
        {
            ulong? since = _cursor is { IsLost: false } ? _cursor.Version : null;
            if (since is null)
            {
                Literals.Clear();
                Texts.Clear();
                _cursor = table.Register();
            }

            ulong target = table.Version;
            ulong[] literals = new ulong[50];
            for (ulong at = 0; at < InterestPosition.LiteralEnd;)
            {
                foreach (ulong entry in literals.AsSpan(0, table.WalkLiterals(ref at, InterestPosition.LiteralEnd, since, literals)))
                {
                    _ = (entry & 1) != 0 ? Literals.Add(entry >> 1) : Literals.Remove(entry >> 1);
                }
            }

            TextEntry[] texts = new TextEntry[5];
            for (ulong at = InterestPosition.TextStart; at < InterestPosition.End;)
            {
                foreach (TextEntry entry in texts.AsSpan(0, table.WalkTexts(ref at, InterestPosition.End, since, texts)))
                {
                    _ = entry.Present ? Texts.Add(entry.Text) : Texts.Remove(entry.Text);
                }
            }

            table.Advance(_cursor!, target);
        }
    }
}
