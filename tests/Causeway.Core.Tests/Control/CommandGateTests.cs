using System.Text;
using System.Text.Json;
using Causeway.Core.Control;
using Causeway.Core.Links;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Control;

/// <summary>Which messages on a node's command subject are commands to it.</summary>
public sealed class CommandGateTests
{
    private const string Node = "NODE1";

    private static readonly DeploymentKey Key = new("d", "a secret of many bytes"u8);
    private static readonly string Subject = ControlSubjects.Command("east", "e1");
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly CommandGate _gate = new(Key, Subject, Node);

    [Fact]
    public void A_command_is_taken_once()
    {
        byte[] message = Sealed(Drain());

        Assert.Equal(CommandResult.Taken, _gate.Take(Start, message, out NodeCommand? command));
        Assert.Equal((NodeCommandKind.Drain, Node), (command!.Kind, command.NodeId));
        Assert.Equal(CommandResult.Replayed, _gate.Take(Start.AddSeconds(60), message, out _));
        Assert.Equal(CommandResult.Replayed, _gate.Take(Start.AddSeconds(120), message, out _));
        Assert.Equal(CommandResult.Stale, _gate.Take(Start.AddSeconds(121), message, out _));
        Assert.Equal((1, 2, 1), (_gate.Count(CommandResult.Taken), _gate.Count(CommandResult.Replayed), _gate.Count(CommandResult.Stale)));
    }

    [Fact]
    public void The_same_command_sealed_anew_is_a_replay_too()
    {
        NodeCommand command = Drain();
        Assert.Equal(CommandResult.Taken, _gate.Take(Start, Sealed(command), out _));
        Assert.Equal(CommandResult.Replayed, _gate.Take(Start, Sealed(command, at: Start.AddSeconds(1)), out _));
        Assert.Equal(CommandResult.Taken, _gate.Take(Start, Sealed(Drain()), out _));
    }

    [Theory]
    [InlineData(-121, CommandResult.Stale)]
    [InlineData(-119, CommandResult.Taken)]
    [InlineData(119, CommandResult.Taken)]
    [InlineData(121, CommandResult.Stale)]
    [InlineData(-100_000_000, CommandResult.Stale)]
    public void Commands_from_another_time_are_stale(int seconds, object result) =>
        Assert.Equal((CommandResult)result, _gate.Take(Start, Sealed(Drain(), at: Start.AddSeconds(seconds)), out _));

    [Fact]
    public void Others_can_not_command()
    {
        DeploymentKey other = new("d", "another secret of bytes"u8);
        Assert.Equal(CommandResult.Forged, _gate.Take(Start, SealedMessage.Seal(other, Subject, Start, Json(Drain())), out _));
        Assert.Equal(CommandResult.Forged, _gate.Take(Start, SealedMessage.Seal(new DeploymentKey("e", "a secret of many bytes"u8), Subject, Start, Json(Drain())), out _));
        Assert.Equal(CommandResult.Forged, _gate.Take(Start, SealedMessage.Seal(Key, ControlSubjects.Command("east", "e2"), Start, Json(Drain())), out _));
        Assert.Equal(CommandResult.Forged, _gate.Take(Start, Json(Drain()), out _));
        Assert.Equal(CommandResult.Forged, _gate.Take(Start, [], out _));
        Assert.Equal(CommandResult.TooLarge, _gate.Take(Start, new byte[CommandGate.MaxCommandBytes + 1], out _));
        Assert.Equal(0, _gate.Count(CommandResult.Taken));
        Assert.Equal((5, 1), (_gate.Count(CommandResult.Forged), _gate.Count(CommandResult.TooLarge)));
        Assert.False(CommandGate.IsFromMember(CommandResult.Forged));
    }

    [Fact]
    public void A_command_to_an_earlier_lifetime_is_not_for_this_one()
    {
        Assert.Equal(CommandResult.Foreign, _gate.Take(Start, Sealed(Drain() with { NodeId = "NODE0" }), out NodeCommand? command));
        Assert.NotNull(command);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"kind\":\"Reboot\",\"node_id\":\"NODE1\",\"command_id\":\"5c4b4a50-7c6f-4f4c-8a8e-0d1e5f0a7b11\"}")]
    [InlineData("{\"kind\":7,\"node_id\":\"NODE1\",\"command_id\":\"5c4b4a50-7c6f-4f4c-8a8e-0d1e5f0a7b11\"}")]
    [InlineData("{\"kind\":\"Drain\",\"node_id\":\"NODE1\",\"command_id\":\"x\"}")]
    public void What_is_no_command_is_malformed_though_sealed(string text) =>
        Assert.Equal(CommandResult.Malformed, _gate.Take(Start, SealedMessage.Seal(Key, Subject, Start, Encoding.UTF8.GetBytes(text)), out _));

    [Fact]
    public void No_changed_byte_gets_through() => Gen.Select(Gen.Int[0, 1000], Gen.Byte[1, 255]).Sample((at, flip) =>
    {
        byte[] message = Sealed(Drain());
        message[at % message.Length] ^= flip;
        Assert.NotEqual(CommandResult.Taken, new CommandGate(Key, Subject, Node).Take(Start, message, out _));
    });

    [Fact]
    public void When_too_many_were_taken_none_is_forgotten_and_none_taken_until_the_first_are_too_old()
    {
        byte[] first = Sealed(Drain());
        Assert.Equal(CommandResult.Taken, _gate.Take(Start, first, out _));
        for (int i = 1; i < CommandGate.MaxRemembered; i++)
        {
            Assert.Equal(CommandResult.Taken, _gate.Take(Start, Sealed(Drain()), out _));
        }

        Assert.Equal(CommandResult.TooMany, _gate.Take(Start, Sealed(Drain()), out _));
        Assert.Equal(CommandResult.Replayed, _gate.Take(Start, first, out _));
        DateTimeOffset later = Start + ReportLimits.MaxSealAge + TimeSpan.FromSeconds(1);
        Assert.Equal(CommandResult.Taken, _gate.Take(later, Sealed(Drain(), at: later), out _));
        Assert.Equal(CommandResult.Stale, _gate.Take(later, first, out _));
    }

    private static NodeCommand Drain() => new() { Kind = NodeCommandKind.Drain, NodeId = Node, CommandId = Guid.NewGuid() };

    private static byte[] Json(NodeCommand command) => JsonSerializer.SerializeToUtf8Bytes(command, ControlJson.Default.NodeCommand);

    private static byte[] Sealed(NodeCommand command, DateTimeOffset? at = null) => SealedMessage.Seal(Key, Subject, at ?? Start, Json(command));
}
